import CLibFuzzer
import Glibc
import TestKit

/// Rehearses the first bytes of a connection, as libFuzzer generates them: those of a proxy, or of something else.
///
/// Built by `ECHOSCPD_FUZZ=1 swift build -c release --scratch-path .build-fuzz
/// -Xswiftc -sanitize=fuzzer,address --product FuzzProxyHeaders`, run by `.ci/fuzz`.
@main
enum FuzzProxyHeaders {
  static func main() {
    var count = CommandLine.argc
    // Safe because these are the arguments of main, and no other thread runs yet.
    var arguments = unsafe CommandLine.unsafeArgv
    exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
  }
}

/// Rehearses the input in the `size` bytes at `data`; a violation ends the process.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // Safe because libFuzzer lends `size` bytes for the length of the call.
  let bytes = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: data, count: size))
  do throws(Rehearsal.Violation) {
    try ProxyRehearsal.check(bytes.indices.map { bytes[$0] })
  } catch {
    fatalError("\(error)")
  }
  return 0
}
