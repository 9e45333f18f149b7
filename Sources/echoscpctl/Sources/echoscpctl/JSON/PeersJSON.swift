import Ledger

/// The report of `peers`, but for its rows, which are printed one by one: there may be 20,000.
struct PeersJSON: Encodable {
  struct Row: Encodable {
    let state: String
    let callingAeTitle: OrNull<String>
    let address: OrNull<String>
    let isConfigured: Bool
    let product: OrNull<String>
    let firstSeen: OrNull<TimeJSON>
    let lastSeen: OrNull<TimeJSON>
    let lastEcho: OrNull<TimeJSON>
    let echoes: UInt64
    let failures: UInt64
    let healthChecks: UInt64
    let notes: [String]
    let lastFailure: OrNull<FailureJSON>

    init(_ row: PeerRow) {
      state = row.state.word
      callingAeTitle = OrNull(row.key.title)
      address = OrNull(row.key.address)
      isConfigured = row.isConfigured
      product = OrNull(row.product)
      firstSeen = TimeJSON.orNull(row.firstSeen)
      lastSeen = TimeJSON.orNull(row.lastSeen)
      lastEcho = TimeJSON.orNull(row.lastEcho)
      (echoes, failures, healthChecks) = (row.echoes, row.failures, row.healthChecks)
      notes = row.notes
      lastFailure = OrNull(row.lastFailure.map(FailureJSON.init))
    }
  }

  let report = "peers"
  let since: TimeJSON
  let rowsLeftOut: UInt64
  let failuresInNoRow: UInt64
  let journal: JournalJSON

  init(_ table: PeerTable, since start: UInt64, journal facts: JournalFacts) {
    since = TimeJSON(start)
    rowsLeftOut = table.forgotten
    failuresInNoRow = table.summedUp
    journal = JournalJSON(facts)
  }

  /// Prints the report with `rows` as one object on one line.
  func print(_ rows: [PeerRow]) throws {
    Output.write("\(try JSON.text(self).dropLast()),\"peers\":[")
    for (index, row) in rows.enumerated() {
      Output.write("\(index > 0 ? "," : "")\(try JSON.text(Row(row)))")
    }
    Output.print(["]}"])
  }
}

/// The report of `peer`.
struct PeerJSON: Encodable {
  struct Place: Encodable {
    let callingAeTitle: OrNull<String>
    let address: OrNull<String>
    let lastSeen: TimeJSON
  }

  struct Hour: Encodable {
    let hour: Int
    let echoes: UInt64
    let failures: UInt64
  }

  struct Request: Encodable {
    struct Part: Encodable {
      let offset: Int
      let bytes: String
      let text: String
      let fault: OrNull<String>
    }

    let title: String
    let parts: [Part]
  }

  let report = "peer"
  let device: String
  let state: OrNull<String>
  let firstSeen: OrNull<TimeJSON>
  let lastSeen: OrNull<TimeJSON>
  let lastEcho: OrNull<TimeJSON>
  let seenAs: [Place]
  let product: OrNull<String>
  let implementation: OrNull<String>
  let since: TimeJSON
  let echoes: UInt64
  let failures: UInt64
  let healthChecks: UInt64
  let notes: [String]
  let hours: [Hour]
  let lastFailures: [FailureJSON]
  let request: OrNull<Request>
  let journal: JournalJSON

  init(
    _ story: PeerStory, since start: UInt64, journal facts: JournalFacts,
    request explanation: RequestExplanation?
  ) {
    device = story.name
    state = OrNull(story.isKnown ? story.state.word : nil)
    firstSeen = TimeJSON.orNull(story.firstSeen)
    lastSeen = TimeJSON.orNull(story.last?.time)
    lastEcho = TimeJSON.orNull(story.lastEcho)
    seenAs = story.places.map {
      Place(
        callingAeTitle: OrNull($0.key.title), address: OrNull($0.key.address),
        lastSeen: TimeJSON($0.lastSeen))
    }
    product = OrNull(story.product)
    implementation = OrNull(story.implementation)
    since = TimeJSON(start)
    (echoes, failures) = (story.row.echoes, story.row.failures)
    (healthChecks, notes) = (story.row.healthChecks, story.row.notes)
    hours = story.hours.map { Hour(hour: $0.hour, echoes: $0.echoes, failures: $0.failures) }
    lastFailures = story.failures.map(FailureJSON.init)
    request = OrNull(
      explanation.map { all in
        Request(
          title: all.title,
          parts: all.parts.map {
            Request.Part(
              offset: $0.offset, bytes: $0.hexadecimal, text: $0.text, fault: OrNull($0.fault))
          })
      })
    journal = JournalJSON(facts)
  }
}

/// One attempt, as `watch` shows it.
struct AttemptJSON: Encodable {
  let report = "attempt"
  let time: TimeJSON
  let outcome: String
  let text: String
  let callingAeTitle: OrNull<String>
  let calledAeTitle: OrNull<String>
  let address: OrNull<String>
  let product: OrNull<String>
  let echoes: OrNull<UInt64>
  let count: UInt64
  let failure: OrNull<FailureJSON>

  /// The attempt or the problem that `record` is about; `nil` if it is about neither.
  init?(_ record: JournalRecord) {
    switch record.outcome {
    case .echoed: outcome = "echoed"
    case .noEcho: outcome = "no-echo"
    case .failed: outcome = "failed"
    case .healthCheck: outcome = "health-check"
    case nil:
      if record.failure == nil { return nil }
      outcome = "service"
    }
    time = TimeJSON(record.time)
    text = record.message
    callingAeTitle = OrNull(record.callingAE)
    calledAeTitle = OrNull(record.calledAE)
    address = OrNull(record.address)
    product = OrNull(record.product)
    echoes = OrNull(record.echoes)
    count = record.count
    failure = OrNull(record.failure.map(FailureJSON.init))
  }
}
