import CLinux
import Glibc
import Testing

@testable import Linux

/// Users of this machine; the tests of the whole program show from outside how a process becomes one.
@Suite struct ProcessTests {
  @Test("A user of this machine is found by its name only")
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

  /// Groups of a process of root, and whether it counts as root alone with them.
  static let memberships: [(own: [gid_t], of: gid_t, isRoot: Bool)] = [
    ([], 0, true), ([0], 0, true), ([0, 4, 27], 0, false), ([27], 0, false), ([], 4, false),
    ([0], 4, false),
  ]

  @Test(
    "A process with a group that is not the user's is not that user", .enabled(if: Process.isRoot),
    arguments: memberships)
  func groups(own: [gid_t], of group: gid_t, isRoot: Bool) async {
    await #expect(processExitsWith: .success) { [own, group, isRoot] in
      // Safe because the call uses the numbers only until it returns.
      #expect(unsafe setgroups(own.count, own) == 0)
      #expect(setegid(group) == 0)
      let root = try #require(try Process.User(named: "root"))
      #expect(try root.isThisProcess == isRoot)
      #expect(root.isCurrent)
      try Process.become(root, owning: nil)
      #expect(try root.isThisProcess)
    }
  }

  @Test("Giving a missing folder to a user fails")
  func folders() {
    for path in ["", "/no/such/folder", "/\0"] {
      #expect(cl_give_file(path.utf8.span, cl_user()) < 0)
    }
  }

  @Test("Dropping capabilities succeeds even if there are none")
  func capabilities() async {
    await #expect(processExitsWith: .success) {
      #expect(cl_forget_capabilities() == 0)
      #expect(cl_forget_capabilities() == 0)
    }
  }
}
