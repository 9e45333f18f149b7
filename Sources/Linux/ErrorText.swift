import CLinux

/// The errors of the operating system in words.
public enum ErrorText {
  /// What the C library says of the errno `number`.
  public static func of(_ number: Int32) -> String {
    ascii { cl_describe_error(number, &$0) }
  }
}

/// The text that `write` puts into the bytes that it is lent, at most 64, and whose length it
/// returns; empty when that is negative.
func ascii(_ write: (inout MutableSpan<UInt8>) -> Int32) -> String {
  var bytes = InlineArray<64, UInt8>(repeating: 0)
  var span = bytes.mutableSpan
  let length = Int(write(&span))
  var text = ""
  for index in 0..<max(length, 0) { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  return text
}
