import Glibc
import Testing

@testable import Linux

/// Processes as /proc shows them.
@Suite struct RunningProcessTests {
  @Test("This process is the one that the C library knows, and is among all")
  func own() throws {
    let own = try #require(RunningProcess.own)
    #expect(own.id == getpid() && own.parent == getppid())
    #expect(own.words.last == 0 && !own.controlGroups.isEmpty)
    let all = try RunningProcess.all()
    let found = try #require(all.first { $0.id == own.id })
    #expect(found.name == own.name && found.words == own.words)
    #expect(all.contains { $0.id == 1 })
  }

  @Test("A name may have spaces and parentheses")
  func name() async {
    await #expect(processExitsWith: .success) {
      // Safe because the C library checks the file that it has opened.
      let file = unsafe try #require(fopen("/proc/self/comm", "w"))
      unsafe fputs("a) S 1 (b) 2", file)
      unsafe fclose(file)
      #expect(RunningProcess.own?.name == "a) S 1 (b) 2")
      #expect(RunningProcess.own?.parent == getppid())
    }
  }

  @Test("A process that does not exist is nil", arguments: [-1, 0, Int32.max])
  func absent(id: Int32) {
    #expect(RunningProcess(id) == nil)
  }
}
