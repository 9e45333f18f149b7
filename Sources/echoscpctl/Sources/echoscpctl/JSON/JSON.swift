import FoundationEssentials
import Ledger

/// Reports as JSON (RFC 8259), one object on one line. The names of members are stable; more may be added.
enum JSON {
  /// The object as text.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// A value, or `null` if it is missing: no member is left out.
struct OrNull<Value: Encodable>: Encodable {
  let value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

/// A time in UTC, as RFC 3339 has it.
struct TimeJSON: Encodable {
  let text: String

  init(_ time: UInt64) { text = Clock.internetText(time) }

  /// The time, or `null`.
  static func orNull(_ time: UInt64?) -> OrNull<TimeJSON> { OrNull(time.map(TimeJSON.init)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// A failure and what to do about it.
struct FailureJSON: Encodable {
  struct Remedy: Encodable {
    let summary: String
    let cause: String
    let onThisHost: String
    let onTheDevice: OrNull<String>
  }

  let time: TimeJSON
  let cause: String
  let text: String
  let callingAeTitle: OrNull<String>
  let calledAeTitle: OrNull<String>
  let address: OrNull<String>
  let reason: OrNull<String>
  let count: UInt64
  let remedy: OrNull<Remedy>

  init(_ failure: Failure) {
    time = TimeJSON(failure.time)
    (cause, text, count) = (failure.cause, failure.message, failure.count)
    callingAeTitle = OrNull(failure.callingAE)
    calledAeTitle = OrNull(failure.calledAE)
    address = OrNull(failure.address)
    reason = OrNull(failure.reason)
    remedy = OrNull(
      failure.remedy.map {
        Remedy(
          summary: $0.subject, cause: $0.cause, onThisHost: $0.onThisHost,
          onTheDevice: OrNull($0.onTheDevice))
      })
  }
}

/// What is known of the journal.
struct JournalJSON: Encodable {
  let source: String
  let keptSince: OrNull<TimeJSON>
  let logLevel: OrNull<String>
  let hidesSuccesses: Bool

  init(_ facts: JournalFacts) {
    source =
      switch facts.source {
      case .persistent: "persistent"
      case .volatile: "volatile"
      case .elsewhere: "files"
      }
    keptSince = TimeJSON.orNull(facts.keptSince)
    logLevel = OrNull(facts.logLevel)
    hidesSuccesses = facts.hidesSuccesses
  }
}
