import Log
import TestKit
import Testing

@testable import Ledger

/// The reports as text: the whole texts, and what holds for each of them.
@Suite struct GoldenTextTests {
  @Test("Each report reads like its golden text", arguments: TextSamples.all.map(\.name))
  func golden(name: String) throws {
    let sample = try #require(TextSamples.all.first { $0.name == name })
    let text = sample.lines(TextSamples.layout()).map { "\($0)\n" }.joined()
    try TextFile("Tests/LedgerTests/Texts/\(name).txt").expect(text)
  }

  @Test("Colors change nothing but colors, at any width", arguments: [0, 40, 80, 100, 1000])
  func colors(width: Int) {
    for (name, lines) in TextSamples.all {
      let plain = lines(TextSamples.layout(width))
      let colored = lines(TextSamples.layout(width, isColored: true))
      #expect(colored.map(RecordRehearsal.withoutColors) == plain, "\(name)")
      #expect(!plain.contains { $0.contains("\u{1B}") }, "\(name)")
      #expect(colored.contains { $0.contains("\u{1B}") }, "\(name)")
    }
  }

  /// The largest margin of a paragraph; only tables have cells further to the right.
  private static let largestMargin = 11

  @Test("Only a word or a table is wider than the terminal", arguments: [40, 80, 100])
  func width(width: Int) {
    for (name, lines) in TextSamples.all {
      for line in lines(TextSamples.layout(width)) where line.count > width {
        // A row of a table, or a line that could not be broken: its margin and a word.
        let text = line.drop { $0 == " " }
        let isRow = line.count - text.count > Self.largestMargin || text.contains("  ")
        let words = line.split(separator: " ")
        // A command is on one line, so that it can be copied.
        #expect(isRow || words.count == 1 || line.hasPrefix("more: "), "\(name): \(line)")
      }
    }
  }

  @Test(
    "A paragraph loses no word and no space within a line, and a narrow terminal is at least 40 wide"
  )
  func paragraphs() {
    var random = Random(seed: 9)
    for _ in 0..<500 {
      let words = (0...random.next(below: 30)).map { _ in
        String(repeating: "x", count: 1 + random.next(below: 60))
      }
      let indent = random.next(below: 10)
      let layout = TextSamples.layout(random.next(below: 120))
      let lines = layout.paragraph("head:", words.joined(separator: " "), indent: indent)
      #expect(lines.flatMap { $0.split(separator: " ") } == ["head:"] + words.map { $0[...] })
      for (index, line) in lines.enumerated() {
        #expect(line.prefix { $0 == " " }.count == indent + (index > 0 ? 2 : 0))
        #expect(line.count <= max(40, layout.width) || line.split(separator: " ").count == 1)
      }
    }
    #expect(TextSamples.layout(0).width == 40 && TextSamples.layout(132).width == 132)
  }

  @Test("No title, address or product can be taken for another cell, or for none")
  func cells() {
    for (title, cell) in [
      (nil, "-"), ("-", "\"-\""), ("CT1", "CT1"), ("CT 1", "\"CT 1\""), ("", "\"\""),
      ("CT1  192.0.2.1", "\"CT1  192.0.2.1\""), ("a\"b", "\"a\\x22b\""),
      ("CT1 at 192.0.2.1", "\"CT1 at 192.0.2.1\""),
    ] as [(String?, String)] { #expect(Layout.title(title) == cell) }
    for (text, cell) in [
      (nil, "-"), ("-", "\"-\""), ("fe80::1%eth0", "fe80::1%eth0"), ("1.2.3 V1", "1.2.3 V1"),
      ("V  0", "\"V  0\""), (" V", "\" V\""), ("V ", "\"V \""), ("V\"  0", "\"V\\x22  0\""),
    ] as [(String?, String)] { #expect(Layout.cell(text) == cell) }
    // Cells are separated by two spaces, and no cell has as many outside quotes.
    for row in TextSamples.peers(TextSamples.layout()).dropFirst() where row.hasPrefix("ok ") {
      let quoted = row.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      let bare = quoted.map { $0.offset % 2 == 0 ? "\($0.element)" : "q" }.joined()
      #expect(bare.split(separator: "  ").count == 7, "\(row)")
    }
  }

  @Test("A table has its columns aligned, numbers to the right")
  func tables() {
    let lines = Layout.table([["a", "bb", "1"], ["aaa", "b", "100"], ["a"]], numbers: [2])
    #expect(lines == ["a    bb    1", "aaa  b   100", "a"])
    #expect(Layout.table([]) == [] && Layout.table([[]]) == [""])
  }

  @Test("What a peer has in its fields never controls the terminal")
  func control() {
    for (_, lines) in TextSamples.all {
      for line in lines(TextSamples.layout()) { #expect(Escaping.line(line) == line) }
    }
  }

  @Test("Watching shows each attempt and each problem, and nothing else")
  func watching() {
    func lines(_ record: JournalRecord) -> [String] {
      WatchText(TextSamples.layout()).lines(of: record)
    }
    #expect(lines(Samples.record(["PRIORITY=7", "DICOM_PEER_ADDRESS=192.0.2.7"])).isEmpty)
    #expect(lines(Samples.service(.listening)).isEmpty)
    #expect(lines(Samples.service(.started)).first == "11:03:20 service echoscpd v0.1.0")
    #expect(
      lines(Samples.released("CT1", "192.0.2.7")).first?.hasPrefix("11:03:20 ok CT1 at") == true)
    let failed = lines(Samples.failed(.calledAETitle, "CT1", "192.0.2.7"))
    #expect(failed.first?.hasPrefix("11:03:20 FAILED called-ae-title: ") == true)
    #expect(failed.contains { $0.hasPrefix("         on the device: ") })
  }
}
