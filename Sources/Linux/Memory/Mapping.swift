import CLinux

/// Memory from the system by whole pages (mmap(2)): it is zeroed, taken as it is written, can grow without
/// being copied, and goes back as soon as it is given back.
///
/// The one who maps it keeps its size, and has to give it back.
public enum Mapping {
  /// Maps `size` bytes; `nil` when there is no memory.
  public static func map(_ size: Int) -> UnsafeMutableRawPointer? {
    // Safe because nobody has the new mapping yet.
    unsafe cl_map(size)
  }

  /// Has the mapping at `base`, of `old` bytes, grow to `new` bytes, perhaps elsewhere; `nil` when there is no
  /// memory, and it is as it was.
  public static func remap(
    _ base: UnsafeMutableRawPointer, _ old: Int, _ new: Int
  ) -> UnsafeMutableRawPointer? {
    // Safe because the caller has the mapping, of this size, to itself.
    unsafe cl_remap(base, old, new)
  }

  /// Gives the mapping at `base`, of `size` bytes, back.
  public static func unmap(_ base: UnsafeMutableRawPointer, _ size: Int) {
    // Safe because the caller has the mapping, of this size, to itself.
    unsafe cl_unmap(base, size)
  }
}
