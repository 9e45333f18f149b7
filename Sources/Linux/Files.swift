import CLinux

/// Whole files, as far as they are small.
public enum Files {
  /// The bytes of the file at `path`; `nil` when they are more than `limit`.
  public static func content(of path: [UInt8], limit: Int) throws(SystemError) -> [UInt8]? {
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

  /// Replaces the file at `path` by one with these bytes, or makes it: whoever reads it finds all of it or
  /// what was there before.
  public static func replace(_ path: [UInt8], by bytes: [UInt8]) {
    _ = cl_replace_file(path.span, bytes.span)
  }

  /// Removes the file at `path`, if it is there.
  public static func remove(_ path: [UInt8]) { _ = cl_remove_file(path.span) }

  /// The names of what is in the folder `path`, as many as have room in `size` bytes.
  public static func names(in path: [UInt8], size: Int) -> [[UInt8]] {
    var names = [UInt8](repeating: 0, count: size)
    var room = names.mutableSpan
    let filled = cl_list_folder(path.span, &room)
    return names.prefix(max(0, filled)).split(separator: 0).map { Array($0) }
  }
}
