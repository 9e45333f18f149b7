import Testing

@testable import Log

/// The priorities, with the numbers of syslog(3) and the letters of the terminal.
@Suite struct PriorityTests {
  static let priorities: [(priority: Priority, number: UInt8, letter: String)] = [
    (.critical, 2, "C"), (.error, 3, "E"), (.warning, 4, "W"), (.info, 6, "I"), (.debug, 7, "D"),
  ]

  @Test("A priority has its number and its letter", arguments: priorities)
  func hasItsNumber(priority: Priority, number: UInt8, letter: String) {
    #expect(priority.rawValue == number)
    #expect(priority.letter == letter)
  }

  @Test("A more severe priority is the smaller one")
  func areOrdered() {
    let all = Self.priorities.map(\.priority)
    #expect(all.reversed().sorted() == all)
    #expect(Priority.error <= .warning)
    #expect(!(Priority.warning < .warning))
  }
}
