import Linux
import UpperLayer

/// Writes records as journal entries with a field for each fact: folds repetitions, sums up records beyond the
/// budget, and keeps entries that the journal does not take at once.
struct JournalOutput: LogOutput {
  private let run: UInt64
  private let owed: OwedRecords
  private var backlog: JournalBacklog
  private var folding = RepeatFilter()
  private var excess = Excess()
  private var budget: RecordBudget
  private var lastAddresses = LastAddresses()
  private var sharedAddresses = SharedAddresses()
  private var now: UInt64

  /// - Parameters:
  ///   - run: A number that distinguishes the associations of this run of the program from those of others.
  ///   - owed: The records that the journal owes to known peers.
  ///   - send: Sends entries.
  init(
    run: UInt64 = .random(in: .min ... .max), now: UInt64 = Instant.now.milliseconds,
    owed: OwedRecords = OwedRecords(), send: @escaping JournalBacklog.Send
  ) {
    self.run = run
    self.now = now
    self.owed = owed
    backlog = JournalBacklog(send: send)
    budget = RecordBudget(at: now)
  }

  mutating func put(_ record: Record, level: Priority?) -> UInt64 {
    guard let level, record.event.isWritten(downTo: level, in: .journal) else { return 0 }
    now = max(now, record.time)
    guard let subject = record.subject, record.event.recurrence == .ofPeer else {
      if folding.add(record, isOwed: false) == .told { write(record, Remark(), level) }
      return 0
    }
    let standing = owed.standing(of: record, subject)
    owed.meet(record)
    // At debug, do not fold records.
    let outcome = level == .debug ? .told : folding.add(record, isOwed: standing == .owed)
    switch outcome {
    case .folded: break
    case .beyond: excess.add(record, at: now)
    case .told:
      var remark = Remark()
      remark.earlierAddress = lastAddresses.meet(record)
      writeWithinBudget(record, subject, remark, level, standing)
      noteSharing(of: record, subject, level, standing)
    }
    return 0
  }

  /// Tells that many devices share an address, the first time that it shows, if the budget has room for it.
  private mutating func noteSharing(
    of record: Record, _ subject: Subject, _ level: Priority, _ standing: KnownPeers.Standing
  ) {
    guard let titles = sharedAddresses.meet(record, subject) else { return }
    let event = Event.addressShared(titles: titles)
    guard event.isWritten(downTo: level, in: .journal) else { return }
    let key = AddressKey(subject.peer)
    let isAcquaintance = standing != .stranger
    guard let payer = budget.payer(for: key, isAcquaintance: isAcquaintance, at: now) else {
      return
    }
    let note = Record(event, about: Subject(peer: subject.peer), at: record.time)
    let size = write(note, Remark(), level, isAcquaintance: isAcquaintance)
    budget.charge(size, to: payer, for: key)
  }

  mutating func put(_ dropped: [DroppedRecords]) -> UInt64 {
    for one in dropped { excess.add(one.count, of: one.catalogID, one.priority, at: now) }
    return 0
  }

  var next: UInt64? {
    let next = min(folding.next ?? .max, excess.next ?? .max, backlog.next ?? .max)
    return next == .max ? nil : next
  }

  var isDone: Bool { backlog.isEmpty }

  mutating func putDue(at now: UInt64, isLast: Bool, level: Priority?) {
    self.now = max(self.now, now)
    for (record, remark) in folding.removeDue(at: now, isLast: isLast) {
      guard let subject = record.subject, record.event.recurrence == .ofPeer else {
        write(record, remark, level)
        continue
      }
      let standing = owed.standing(of: record, subject)
      writeWithinBudget(
        record, subject, remark, level, standing == .stranger ? .stranger : .acquaintance)
    }
    for (record, remark) in excess.removeDue(at: now, isLast: isLast) {
      write(record, remark, level)
    }
  }

  /// Writes a record about a peer, or counts it if it exceeds the budget.
  private mutating func writeWithinBudget(
    _ record: Record, _ subject: Subject, _ remark: Remark, _ level: Priority?,
    _ standing: KnownPeers.Standing
  ) {
    let key = AddressKey(subject.peer)
    let payer = budget.payer(for: key, isAcquaintance: standing != .stranger, at: now)
    if payer == nil, standing != .owed { return excess.add(record, remark, at: now) }
    if standing == .owed { owed.noteTold(record) }
    let size = write(record, remark, level, isAcquaintance: standing != .stranger)
    if let payer { budget.charge(size, to: payer, for: key) }
  }

  /// - Returns: The size of the entry in bytes.
  @discardableResult
  private mutating func write(
    _ record: Record, _ remark: Remark, _ level: Priority?, isAcquaintance: Bool = true
  ) -> Int {
    let weight = remark.count(of: record.event)
    guard backlog.hasRoom(isAcquaintance: isAcquaintance) else {
      backlog.lose(weight)
      return 0
    }
    let fields = JournalFields(run: run, withDumps: level == .debug && remark.repetitions == 0)
    return backlog.append(weight: weight, at: now) { fields.append(record, remark, to: &$0) }
  }

  mutating func flush(at now: UInt64) -> UInt64 {
    self.now = max(self.now, now)
    backlog.flush(at: self.now)
    guard backlog.isFlowing else { return 0 }
    let losses = backlog.drainLosses()
    for (count, reason) in [
      (losses.slow, RecordLoss.journalSlow), (losses.missing, .journalMissing),
      (losses.refused, .journalRefuses),
    ] where count > 0 {
      write(Record(.recordsDropped(count, reason), about: nil), Remark(), nil)
    }
    backlog.flush(at: self.now)
    return 0
  }
}

/// The last address of each calling AE title: a title that comes from another address belongs to a device that
/// was moved, or to a second device with the same title.
struct LastAddresses {
  /// The largest number of titles known at once.
  static let capacity = 4096

  private var addresses: [AETitle: NetworkAddress] = [:]

  /// Notes the address of the association of `record`, if it had an echo.
  ///
  /// - Returns: The previous address of its calling AE title, if it was a different one.
  mutating func meet(_ record: Record) -> NetworkAddress? {
    guard record.event.endsAnAssociation, let subject = record.subject, subject.echoes > 0,
      let calling = subject.callingAETitle, !calling.isBlank
    else { return nil }
    let earlier = addresses[calling]
    if earlier == nil, addresses.count == Self.capacity, let any = addresses.keys.first {
      addresses[any] = nil
    }
    addresses[calling] = subject.peer
    guard let earlier, !earlier.hasSameAddress(as: subject.peer) else { return nil }
    return earlier
  }
}
