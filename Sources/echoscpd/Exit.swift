import Glibc

/// How the program ends when it cannot serve: one clear line, and a status of sysexits(3).
enum Exit {
  enum Status: Int32 {
    case usage = 64
    case unavailable = 69
    case software = 70
    case system = 71
    case noPermission = 77
  }

  /// Ends with `status` and `message` on stderr.
  static func with(_ status: Status, _ message: String) -> Never {
    write("echoscpd: \(message)\n", to: 2)
    exit(status.rawValue)
  }

  /// Ends because of a bug of ours.
  static func bug(_ what: String) -> Never {
    with(.software, "internal error: \(what); please report it")
  }

  /// Ends well, with `text` on stdout.
  static func success(_ text: String) -> Never {
    write(text, to: 1)
    exit(0)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      // Safe because the bytes are lent for the length of the call.
      _ = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    }
  }
}
