import Testing
import UpperLayer

@testable import Log

/// The words for what is tolerated, which scripts hold on to.
@Suite struct NoteNamesTests {
  @Test("Every note has its own word, and there is no other one")
  func everyNote() {
    #expect(Notes.all.map(\.note.rawValue) == (0..<19).map { 1 << $0 })
    #expect(Set(Notes.all.map(\.name)).count == Notes.all.count)
    for (note, name) in Notes.all {
      #expect(note.names == [name])
      #expect(name.wholeMatch(of: #/[a-z]+(-[a-z]+)*/#) != nil, "\(name)")
    }
  }

  @Test("Several are told in the order of their bits, and none is no word")
  func several() {
    let notes: Notes = [.releaseInsideMessage, .calledAETitleDiffers, .uidPadding]
    #expect(notes.names == ["called-ae-title-differs", "uid-padding", "release-inside-message"])
    #expect(Notes().names == [])
  }
}
