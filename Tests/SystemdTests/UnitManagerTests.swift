import Testing

@testable import Systemd

/// The names of units as parts of a path (sd_bus_path_encode(3)), and their states.
@Suite struct UnitManagerTests {
  @Test(
    "In the path of a unit, all but letters and digits is escaped, and so is a digit in front",
    arguments: [
      ("echoscpd.service", "echoscpd_2eservice"),
      ("echoscpd-tls.socket", "echoscpd_2dtls_2esocket"), ("0a1.service", "_30a1_2eservice"),
      ("a_b@c.service", "a_5fb_40c_2eservice"), ("Z9", "Z9"), ("ü", "_c3_bc"), ("a\u{1}", "a_01"),
      ("@[`{", "_40_5b_60_7b"), ("", "_"),
    ])
  func path(name: String, last: String) {
    #expect(UnitManager.path(of: name) == "/org/freedesktop/systemd1/unit/\(last)")
  }

  @Test("Only an active or reloading unit works")
  func isActive() {
    let states = ["active", "reloading", "inactive", "failed", "activating", "deactivating", ""]
    let active = states.filter { UnitState(active: $0, detail: "", since: 0, status: "").isActive }
    #expect(active == ["active", "reloading"])
  }
}
