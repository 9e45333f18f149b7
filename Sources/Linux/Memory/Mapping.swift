import CLinux

/// Memory from the system in whole pages (mmap(2)): zeroed, allocated as it is written, able to grow
/// without being copied, and returned to the system as soon as it is unmapped.
///
/// The caller keeps track of the size, and must unmap the memory.
public enum Mapping {
  /// Maps `size` bytes; `nil` if memory runs out.
  public static func map(_ size: Int) -> UnsafeMutableRawPointer? {
    // Safe because nothing uses the new mapping yet.
    unsafe cl_map(size)
  }

  /// Grows the mapping at `base` from `old` to `new` bytes, moving it if necessary; `nil` if memory runs
  /// out, which leaves the mapping unchanged.
  public static func remap(
    _ base: UnsafeMutableRawPointer, _ old: Int, _ new: Int
  ) -> UnsafeMutableRawPointer? {
    // Safe because the caller alone owns the mapping, which has this size.
    unsafe cl_remap(base, old, new)
  }

  /// Unmaps the `size` bytes at `base`.
  public static func unmap(_ base: UnsafeMutableRawPointer, _ size: Int) {
    // Safe because the caller alone owns the mapping, which has this size.
    unsafe cl_unmap(base, size)
  }
}
