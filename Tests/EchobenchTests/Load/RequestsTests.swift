import TestKit
import Testing
import UpperLayer

@testable import echobench

/// The requests: as PS3.8 and PS3.7 define them, and as an SCP answers them.
@Suite struct RequestsTests {
  private static func requests(depth: Int = 1) -> Requests {
    Requests(called: AETitle("ECHOSCP")!, calling: AETitle("ECHOBENCH")!, depth: depth)
  }

  @Test func associateRequest() {
    let user =
      Wire.item(0x51, Wire.be32(16382)) + Wire.item(0x52, Array(Benchmark.classUID.utf8))
      + Wire.item(0x55, Array(Benchmark.versionName.utf8))
    let expected = Wire.associateRequest(
      fixed: Wire.fixedFields(calling: Wire.title("ECHOBENCH")), user: Wire.item(0x50, user))
    #expect(Self.requests().associate == expected)
    #expect(Benchmark.versionName.utf8.count <= 16)
  }

  @Test func echoRequests() {
    var requests = Self.requests(depth: 3)
    requests.number(from: 65534, count: 3)
    #expect(
      requests.echoes == Wire.echoRequest(65534) + Wire.echoRequest(65535) + Wire.echoRequest(0))
    requests.number(from: 258, count: 1)
    #expect(requests.echoes[..<80] == Wire.echoRequest(258)[...])
    #expect(requests.echoes[80..<160] == Wire.echoRequest(65535)[...])
  }

  @Test func releaseAndAbort() {
    #expect(Self.requests().release == Wire.releaseRequest)
    #expect(Self.requests().abort == Wire.abort(0, 0))
  }
}
