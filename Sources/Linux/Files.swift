import CLinux

/// Whole files, as far as they are small.
public enum FileContent {
  /// The bytes of the file at `path`, or nothing when they are more than `limit`.
  public static func of(_ path: [UInt8], limit: Int) throws(SystemError) -> [UInt8]? {
    let descriptor = Descriptor(owning: try check("open", cl_open_file(path.span)))
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      var room = chunk.mutableSpan
      let size = try check("read", cl_read(descriptor.number, &room))
      if size == 0 { return bytes }
      bytes += chunk[..<size]
    }
    return nil
  }
}
