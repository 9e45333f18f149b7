import Testing

@testable import Settings

/// What hands type that are used to other programs: each answer has what is typed here instead. The
/// first line of each test names the program that its words come from.
@Suite struct CommandHabitTests {
  /// A command line of another program, and what is said of it.
  typealias Case = (words: [String], answer: String)

  @Test(
    "nginx, sshd, redis, python -m http.server: an option for the port and the address",
    arguments: [
      (["--port", "11499"], "--port is no option; type echoscpd 11499"),
      (["--port=11499"], "--port=11499 is no option; type echoscpd 11499"),
      (["-p", "11499"], "-p is no option; type echoscpd 11499"),
      (["-p11499"], "-p11499 is no option; type echoscpd 11499"),
      (
        ["--listen", "127.0.0.1:11499"], "--listen is no option; type echoscpd -ba 127.0.0.1 11499"
      ),
      (["--host", "127.0.0.1", "104"], "--host is no option; type echoscpd -ba 127.0.0.1 104"),
      (["--address", "::1"], "--address is no option; type echoscpd -ba ::1"),
      (["--listen", "[::]:104"], "--listen is no option; type echoscpd 104"),
      (["--listen", "*:104"], "--listen is no option; type echoscpd 104"),
      (["--host", "localhost", "104"], "--host is no option; type echoscpd -ba 127.0.0.1 104"),
      (
        ["--port"],
        "--port is no option; type echoscpd 11112, or echoscpd -ba 192.0.2.1 11112"
      ),
    ] as [Case])
  func servers(line: Case) { expect(line) }

  @Test(
    "dcm4che's storescp and storescu: -b [TITLE[@ADDRESS]:]PORT and -c TITLE@HOST:PORT",
    arguments: [
      (["-b", "ECHOSCP:11112"], "-b is no option; type echoscpd -aet ECHOSCP 11112"),
      (
        ["-b", "ECHOSCP@127.0.0.1:11112"],
        "-b is no option; type echoscpd -aet ECHOSCP -ba 127.0.0.1 11112"
      ),
      (["-b", "11112"], "-b is no option; type echoscpd 11112"),
      (
        ["-c", "MYPACS@pacs:104"],
        "-c is no option; type echoscpd --probe pacs:104 -aec MYPACS"
      ),
      (["--connect", "pacs:104"], "--connect is no option; type echoscpd --probe pacs:104"),
    ] as [Case])
  func dcm4che(line: Case) { expect(line) }

  @Test(
    "nginx, named, sshd: another name for the configuration, and for its check",
    arguments: [
      (["-c", "/etc/x.conf"], "-c is no option; type --config /etc/x.conf"),
      (["-f", "/etc/x.conf"], "-f is no option; type --config /etc/x.conf"),
      (["--file=x.conf"], "--file=x.conf is no option; type --config x.conf"),
      (["-t"], "-t is no option; type echoscpd --check-config"),
      (["--test-config"], "--test-config is no option; type echoscpd --check-config"),
    ] as [Case])
  func configuration(line: Case) { expect(line) }

  @Test(
    "DCMTK's storescp and echoscu: long names, --repeat, and plus signs",
    arguments: [
      (["--aetitle", "X"], "--aetitle is no option; type --ae-title X"),
      (["--call", "X"], "--call is no option; type --called-ae-title X"),
      (["--repeat", "5"], "--repeat is no option; type --count 5"),
      (["-to", "5"], "-to is no option; type -ta, -td or -tn with the seconds"),
      (["--MaxPDUSize", "16384"], "--MaxPDUSize is no option; --max-pdu is one"),
      (["--NetworkTCPPort", "104"], "--NetworkTCPPort is no option; type echoscpd 104"),
      (["--tls"], "--tls is no option; a proxy in front of echoscpd speaks TLS"),
    ] as [Case])
  func dcmtk(line: Case) { expect(line) }

  @Test(
    "ssh and curl: verbosity by repetition, silence; crond and gunicorn: --daemon, --foreground",
    arguments: [
      (["-vv"], "-vv is no option; type -d"), (["-dd"], "-dd is no option; type -d"),
      (["-s"], "-s is no option; type -q"),
      (["--foreground"], "--foreground is no option; \(foreground)"),
      (["-D"], "-D is no option; \(foreground)"),
      (["--help-all"], "--help-all is no option; type echoscpd --help"),
      (["-?"], "-? is no option; type echoscpd --help"),
      (["--start"], "--start is no option; type systemctl start echoscpd"),
    ] as [Case])
  func daemons(line: Case) { expect(line) }

  private static let foreground =
    "type echoscpd 11112 in the foreground, or systemctl start echoscpd for a service"

  @Test(
    "A configuration file's key, in any spelling, as an option",
    arguments: [
      (["--acse_timeout", "5"], "--acse_timeout is no option; --acse-timeout is one"),
      (["--AcseTimeout", "5"], "--AcseTimeout is no option; --acse-timeout is one"),
      (["--DicomAet", "X"], "--DicomAet is no option; --ae-title is one"),
      (["--colour"], "--colour is no option"),
      (["--"], "-- is no option"),
    ] as [Case])
  func keys(line: Case) { expect(line) }

  @Test(
    "A web page or a word processor, which makes dashes of hyphens",
    arguments: [
      ("–probe", "type --probe, with two hyphens"), ("—aet", "type -aet, with a hyphen"),
      ("−v", "type -v, with a hyphen"), ("‐V", "type -V, with a hyphen"),
      ("––max-pdu=0", "type --max-pdu, with two hyphens"),
      ("―x=", "type -x, with a hyphen"), ("–nonsense", "type --nonsense, with two hyphens"),
    ])
  func dashes(word: String, right: String) {
    for isProbe in [false, true] {
      var line = CommandLineSettings()
      if isProbe { #expect(line.take(.probe) == nil) }
      #expect(line.take(operand: word) == "\"\(word)\" is no option; \(right)")
    }
    #expect(
      CommandLineOption.problem(unknown: "-\(word)") == "-\(word) is no option; \(right)")
  }

  /// Operands that are no port, and what is said of them.
  static let operands: [(source: String, words: [String], answer: String)] = [
    (
      "socat, docker -p", ["127.0.0.1:11499"],
      "is no port; to listen there, type echoscpd -ba 127.0.0.1 11499; to ask there, type echoscpd "
        + "--probe 127.0.0.1:11499"
    ),
    ("go's net.Listen", [":11499"], "is no port; type echoscpd 11499"),
    ("docker", ["11499/tcp"], "is no port; type echoscpd 11499"),
    ("ss -l", ["*:11499"], "is no port; type echoscpd 11499"),
    (
      "ss -l", ["0.0.0.0:11499"],
      "is no port; to listen there, type echoscpd -ba 0.0.0.0 11499"
    ),
    ("ss -l", ["[::]:11499"], "is no port; to listen there, type echoscpd 11499"),
    (
      "echoscu of DCMTK", ["pacs", "104"],
      "is no port; to ask there, type echoscpd --probe pacs:104"
    ),
    (
      "echoscu of DCMTK", ["::1", "104"],
      "is no port; to listen there, type echoscpd -ba ::1 104; to ask there, type echoscpd --probe "
        + "[::1]:104"
    ),
    (
      "netcat -l", ["localhost", "104"],
      "is no port; to listen there, type echoscpd -ba 127.0.0.1 104; to ask there, type echoscpd "
        + "--probe localhost:104"
    ),
    (
      "dcm4che", ["ECHOSCP:104"],
      "is no port; to listen there, type echoscpd -aet ECHOSCP 104; to ask there, type echoscpd "
        + "--probe ECHOSCP:104"
    ),
    (
      "a browser", ["dicom://pacs:104/"],
      "is no port; to ask there, type echoscpd --probe pacs:104"
    ),
    ("services(5)", ["dicom"], "is the name of a port; its number is 104 or 11112"),
    ("services(5)", ["acr-nema"], "is the name of a port; its number is 104"),
    ("services(5)", ["DICOM-TLS"], "is the name of a port; its number is 2762"),
    ("git", ["help"], "is no port; type echoscpd --help"),
    ("git", ["version"], "is no port; type echoscpd --version"),
    ("git", ["probe", "pacs:104"], "is no port; type echoscpd --probe pacs:104"),
    ("Windows", ["/?"], "is no port; type echoscpd --help"),
    ("init.d scripts", ["start"], "is no port; type systemctl start echoscpd"),
    ("init.d scripts", ["stop"], "is no port; type systemctl stop echoscpd"),
    ("init.d scripts", ["restart"], "is no port; type systemctl restart echoscpd"),
    ("init.d scripts", ["reload"], "is no port; type systemctl reload echoscpd"),
    ("init.d scripts", ["status"], "is no port; type systemctl status echoscpd"),
    ("storescp of DCMTK", ["+x="], "is no port; type -x="),
    ("storescp of DCMTK", ["+xe"], "is no port; type -xe"),
    ("nobody", ["11112x"], "is no port; a number from 1 to 65535"),
    ("nobody", ["x"], "is no port; a number from 1 to 65535"),
    ("nobody", ["pacs"], "is no port; a number from 1 to 65535"),
  ]

  @Test("The operand of the program that is named in the table, where the port stands here")
  func operandsOfOthers() {
    for (source, words, answer) in Self.operands {
      var line = CommandLineSettings()
      #expect(
        line.take(operand: words[0], followedBy: words.dropFirst().first)
          == "port: \"\(words[0])\" \(answer)", "\(source)")
      #expect(line.assignments.isEmpty)
    }
  }

  @Test("Whatever is typed instead of a word has no option that is not one")
  func namesOptionsThatExist() {
    let names = Set(CommandLineOption.names.map { $0.text + ($0.endsInEqualsSign ? "=" : "") })
    let words = ["port", "b", "c", "t", "f", "D", "start", "vv", "x", "call", "to", "aet", "H"]
    for word in words {
      for value in [[], ["104"], ["A@::1:104"], ["file"], ["pacs", "104"]] {
        guard let text = CommandHabit.correction(option: "--\(word)", value) else { continue }
        for option in text.split(separator: " ") where option.hasPrefix("-") {
          let name = option.drop { $0 == "-" }.prefix { $0 != "," }
          #expect(names.contains(String(name)), "\(text)")
        }
      }
    }
  }

  private func expect(_ line: Case) {
    #expect(
      CommandLineOption.problem(unknown: line.words[0], followedBy: Array(line.words.dropFirst()))
        == line.answer)
  }
}
