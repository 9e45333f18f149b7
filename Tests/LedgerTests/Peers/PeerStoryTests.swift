import Linux
import Log
import Testing

@testable import Ledger

/// The story of one device.
@Suite struct PeerStoryTests {
  private static func story(
    _ records: [JournalRecord], by clock: Clock = Samples.clock()
  ) -> PeerStory {
    var story = PeerStory(of: "CT1", by: clock)
    for record in records { story.add(record) }
    return story
  }

  private static func echo(ago: UInt64) -> JournalRecord {
    Samples.released("CT1", "192.0.2.7", ago: ago)
  }

  @Test(
    "Each hour is one of local time, in any time zone",
    arguments: [
      (0, 10, 200), (3600, 11, 200), (-18_000, 5, 200), (19_800, 15, 2000), (20_700, 15, 2900),
      (-12_600, 6, 2000), (50_400, 0, 200),
    ] as [(Int64, Int, UInt64)])
  func hours(offset: Int64, hour: Int, seconds: UInt64) {
    let begun = seconds * Clock.second
    let clock = Samples.clock(offset: offset)
    let edges: [(ago: UInt64, place: Int?)] = [
      (begun, 23), (begun + 1, 22), (begun + Samples.hour, 22), (begun + Samples.hour + 1, 21),
      (begun + 23 * Samples.hour, 0), (begun + 23 * Samples.hour + 1, nil), (0, 23),
    ]
    for (ago, place) in edges {
      let story = Self.story([Self.echo(ago: ago)], by: clock)
      #expect(story.hours.map(\.hour) == (1...24).map { (hour + $0) % 24 })
      #expect(story.hours.firstIndex { $0.echoes == 1 } == place, "\(ago)")
      #expect(story.row.echoes == 1)
    }
  }

  @Test("An hour begins with a second, whatever the fraction of a second that it is now")
  func fraction() {
    let clock = Samples.clock(now: Samples.now + 700_000)
    let story = Self.story([Self.echo(ago: 200 * Clock.second)], by: clock)
    #expect(story.hours[23].echoes == 1)
  }

  @Test("A record from shortly after now belongs to the last hour")
  func future() {
    for (later, isCounted) in [(Samples.minute, true), (2 * Samples.hour, false)] {
      var record = Self.echo(ago: 0)
      record.time += later
      #expect(Self.story([record]).hours[23].echoes == (isCounted ? 1 : 0))
    }
  }

  @Test("On the day of a change, the hours are those that the clock showed")
  func daylightSaving() {
    // Local time goes from 9:00 to 10:00 at 9:00 UTC, or from 10:00 to 9:00.
    let change = Int64((Samples.now - Samples.hour) / Clock.second) - 200
    let forward = Clock(now: Samples.now) { $0.seconds < change ? 0 : 3600 }
    let back = Clock(now: Samples.now) { $0.seconds < change ? 3600 : 0 }
    #expect(Self.story([], by: forward).hours.suffix(4).map(\.hour) == [7, 8, 10, 11])
    #expect(Self.story([], by: back).hours.suffix(4).map(\.hour) == [8, 9, 9, 10])
  }

  @Test("At the beginning of time, the hours are still 24")
  func beginning() {
    let clock = Samples.clock(now: 0)
    var record = Self.echo(ago: 0)
    record.time = 0
    #expect(Self.story([record], by: clock).hours.map(\.echoes).reduce(0, +) == 1)
  }

  @Test("An hour has the failures that its records stand for, up to the largest number")
  func failures() {
    let most = "ECHOSCP_REPEATED=\(UInt64.max)"
    let story = Self.story([
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", "ECHOSCP_REPEATED=41"),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7"),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", ago: Samples.hour, most),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", ago: Samples.hour),
      Samples.failed(.calledAETitle, "CT1", "192.0.2.7", "ECHOSCP_ADDRESSES=3"),
    ])
    #expect(story.hours[23].failures == 42 && story.hours[22].failures == .max)
    #expect(story.state == .failing)
  }

  @Test("Places are the last ones, the last one seen first")
  func places() {
    let story = Self.story(
      (0..<40).map { Samples.released("CT1", "192.0.2.\($0 % 20)", ago: UInt64(40 - $0)) })
    let numbers = story.places.map(\.key.address)
    #expect(numbers == (4..<20).reversed().map { "192.0.2.\($0)" })
    #expect(story.places.first?.lastSeen == Samples.now - 1)
    let two = Self.story([
      Samples.released("CT1", "192.0.2.7", ago: 3), Samples.released(nil, "192.0.2.7", ago: 2),
      Samples.released("CT1", "192.0.2.7", ago: 1),
    ])
    #expect(two.places.map(\.key.title) == ["CT1", nil])
    #expect(two.places.map(\.lastSeen) == [Samples.now - 1, Samples.now - 2])
  }

  @Test("Only the latest failures stay, the latest first, in whatever order they are added")
  func lastFailures() {
    var story = Self.story([])
    for ago in [5, 1, 9, 3, 7, 2, 8] as [UInt64] {
      if let failure = Samples.failed(.calledAETitle, "CT1", "192.0.2.7", ago: ago).failure {
        story.addFailure(failure)
      }
    }
    #expect(story.failures.map { Samples.now - $0.time } == [1, 2, 3, 5, 7])
    #expect(story.failures.count == PeerStory.mostFailures)
  }

  @Test("What was before the period is told only if the period has nothing")
  func earlier() {
    let old = Samples.released(
      "CT1", "192.0.2.7", ago: 3 * Samples.day, "DICOM_PEER_PRODUCT=DCMTK")
    var absent = Self.story([])
    #expect(!absent.isKnown)
    absent.addEarlier(old)
    absent.addEarlierEcho(at: 1)
    #expect(absent.isKnown && absent.state == .absent && absent.lastEcho == old.time)
    #expect(absent.product == "DCMTK" && absent.row.echoes == 0 && absent.row.lastSeen == old.time)
    #expect(absent.hours.allSatisfy { $0.echoes == 0 })
    var present = Self.story([Samples.failed(.calledAETitle, "CT1", "192.0.2.7")])
    present.addEarlier(old)
    #expect(present.last?.time == Samples.now && present.product == nil && present.lastEcho == nil)
    present.addEarlierEcho(at: old.time)
    #expect(present.lastEcho == old.time)
  }

  @Test("Software is what the last record with it says")
  func software() {
    let story = Self.story([
      Samples.released(
        "CT1", "192.0.2.7", "DICOM_PEER_PRODUCT=DCMTK", "DICOM_PEER_IMPLEMENTATION=1.2.3 V1"),
      Samples.released("CT1", "192.0.2.7", "DICOM_PEER_IMPLEMENTATION=1.2.3 V2"),
      Self.echo(ago: 0),
    ])
    #expect(story.product == "DCMTK" && story.implementation == "1.2.3 V2")
  }
}
