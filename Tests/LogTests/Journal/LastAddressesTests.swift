import Linux
import Log
import Testing
import UpperLayer

@testable import Log

/// From where each title came last.
@Suite struct LastAddressesTests {
  @Test("A title that comes from another address is told once for each move")
  func moves() {
    var addresses = LastAddresses()
    func meet(_ address: String, echoes: UInt32 = 1) -> String? {
      addresses.meet(
        Occurrence.record(Occurrence.released, at: 1, from: address, echoes: echoes))?.address
    }
    let seen = [
      meet("192.0.2.7"), meet("192.0.2.7"), meet("192.0.2.9", echoes: 0), meet("192.0.2.8"),
      meet("192.0.2.8"), meet("192.0.2.7"),
    ]
    #expect(seen == [nil, nil, nil, "192.0.2.7", nil, "192.0.2.8"])
  }
}
