import CLinux
import Testing

@testable import EventLoop

/// Who a user is; what becomes of a process that becomes one is seen from outside, in the tests of the
/// whole program.
@Suite struct PrivilegesTests {
  @Test("A user of this machine is found by its name, and by nothing else")
  func users() throws {
    let root = try #require(try Privileges.User(named: "root"))
    #expect(root.isThisProcess == Privileges.isRoot)
    let nobody = try #require(try Privileges.User(named: "nobody"))
    #expect(!nobody.isThisProcess)
    let long = String(repeating: "a", count: 1000)
    for name in ["", "no-such-user", "root ", "ROOT", "root\0", "0", long] {
      #expect(try Privileges.User(named: name) == nil, "\(name)")
    }
  }

  @Test("A folder that is not there is given to nobody")
  func folders() {
    for path in ["", "/no/such/folder", "/\0"] {
      #expect(cl_give_file(path.utf8.span, cl_user()) < 0)
    }
  }

  @Test("Who has no capability gives up none, and says so")
  func capabilities() async {
    await #expect(processExitsWith: .success) {
      #expect(cl_forget_capabilities() == 0)
      #expect(cl_forget_capabilities() == 0)
    }
  }
}
