import CLinux

/// Small files as a whole, and the names in a folder.
public enum Files {
  /// Returns the bytes of the file at `path`, or `nil` if there are more than `limit`.
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

  /// Creates or replaces the file at `path` with these bytes: a reader finds all of them,
  /// or the previous content.
  public static func replace(_ path: [UInt8], by bytes: [UInt8]) {
    _ = cl_replace_file(path.span, bytes.span)
  }

  /// Removes the file at `path`, if it exists.
  public static func remove(_ path: [UInt8]) { _ = cl_remove_file(path.span) }

  /// Returns the names of the entries in the folder `path`.
  public static func names(in path: [UInt8]) throws(SystemError) -> [[UInt8]] {
    var names = [UInt8](repeating: 0, count: 4 << 10)
    while true {
      var room = names.mutableSpan
      let needed = try check("opendir", cl_list_folder(path.span, &room))
      if needed <= names.count {
        let all = names[..<needed].split(separator: 0).map { Array($0) }
        return all.filter { $0 != Array(".".utf8) && $0 != Array("..".utf8) }
      }
      // Another file may be added between two listings.
      names = [UInt8](repeating: 0, count: 2 * needed)
    }
  }
}
