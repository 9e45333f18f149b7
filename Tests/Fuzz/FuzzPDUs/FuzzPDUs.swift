import CLibFuzzer
import Glibc
import TestKit

/// Rehearses the PDUs that libFuzzer generates.
///
/// Built by `ECHOSCPD_FUZZ=1 swift build -c release --scratch-path .build-fuzz
/// -Xswiftc -sanitize=fuzzer,address --product FuzzPDUs`, run by `.ci/fuzz`.
@main
enum FuzzPDUs {
  static func main() {
    var count = CommandLine.argc
    // Safe because these are the arguments of main, and no other thread runs yet.
    var arguments = unsafe CommandLine.unsafeArgv
    exit(unsafe LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
  }
}

/// Rehearses the PDU in the `size` bytes at `data`; a violation ends the process.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // Safe because libFuzzer lends `size` bytes for the length of the call.
  let bytes = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: data, count: size))
  do throws(Rehearsal.Violation) {
    try PDURehearsal.check(bytes.indices.map { bytes[$0] })
  } catch {
    fatalError("\(error)")
  }
  return 0
}

/// Changes the `size` bytes at `data`, in half the cases by structure, and returns the new size.
@c(LLVMFuzzerCustomMutator)
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ room: Int, _ seed: UInt32) -> Int {
  // Safe because libFuzzer lends `room` bytes, of which `size` are in use, for the length of the call.
  if seed & 1 == 0 { return unsafe LLVMFuzzerMutate(data, size, room) }
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
  var mutator = PDUMutator(seed: UInt64(seed))
  let changed = mutator.mutate(bytes).prefix(room)
  for (offset, byte) in changed.enumerated() { unsafe data[offset] = byte }
  return changed.count
}
