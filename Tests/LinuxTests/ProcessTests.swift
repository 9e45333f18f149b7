import CLinux
import Glibc
import Testing

@testable import Linux

/// Who a user is; what becomes of a process that becomes one is seen from outside, in the tests of the
/// whole program.
@Suite struct ProcessTests {
  @Test("A user of this machine is found by its name, and by nothing else")
  func users() throws {
    let root = try #require(try Process.User(named: "root"))
    #expect(root.isCurrent == Process.isRoot)
    let nobody = try #require(try Process.User(named: "nobody"))
    #expect(try !nobody.isThisProcess)
    let long = String(repeating: "a", count: 1000)
    for name in ["", "no-such-user", "root ", "ROOT", "root\0", "0", long] {
      #expect(try Process.User(named: name) == nil, "\(name)")
    }
  }

  /// Groups of a process of root, and whether it is root and nobody else with them.
  static let memberships: [(own: [gid_t], of: gid_t, isRoot: Bool)] = [
    ([], 0, true), ([0], 0, true), ([0, 4, 27], 0, false), ([27], 0, false), ([], 4, false),
    ([0], 4, false),
  ]

  @Test(
    "Who has a group that is not the user's is not that user", .enabled(if: Process.isRoot),
    arguments: memberships)
  func groups(own: [gid_t], of group: gid_t, isRoot: Bool) async {
    await #expect(processExitsWith: .success) { [own, group, isRoot] in
      // Safe because the numbers are lent for the length of the call.
      #expect(unsafe setgroups(own.count, own) == 0)
      #expect(setegid(group) == 0)
      let root = try #require(try Process.User(named: "root"))
      #expect(try root.isThisProcess == isRoot)
      #expect(root.isCurrent)
      try Process.become(root, owning: nil)
      #expect(try root.isThisProcess)
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
