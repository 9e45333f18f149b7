public import Log

/// What became of a device's attempt.
public enum Outcome: Sendable, Equatable {
  /// At least one echo was answered, and nothing failed.
  case echoed
  /// The association ended well, but had no echo.
  case noEcho
  /// The attempt failed.
  case failed
  /// The connection ended without a byte, as those of monitoring systems do.
  case healthCheck
}

extension JournalRecord {
  /// The number of occurrences that the record stands for.
  public var count: UInt64 { repeated ?? 1 }

  /// Whether the record sums up occurrences of several addresses, and so belongs to no device.
  public var isSum: Bool { addresses != nil }

  /// What became of the attempt that the record ends; `nil` if it is about something else.
  ///
  /// A failure is a cause at the priority of a warning or worse: after an echo, a device that closes without a release
  /// leaves a record with a cause at info.
  public var outcome: Outcome? {
    guard address != nil || isSum else { return nil }
    if catalogID == .healthCheck { return .healthCheck }
    if cause != nil, priority <= Priority.warning.rawValue { return .failed }
    guard let echoes, priority <= Priority.info.rawValue else { return nil }
    return echoes > 0 ? .echoed : .noEcho
  }

  /// The failure that the record is about; `nil` if it is not about one.
  public var failure: Failure? {
    guard let cause, priority <= Priority.warning.rawValue else { return nil }
    return Failure(self, cause)
  }
}

extension UInt64 {
  /// Adds `more`, at most up to the largest number: a journal from elsewhere may claim any.
  mutating func increase(by more: UInt64) {
    let (sum, overflows) = addingReportingOverflow(more)
    self = overflows ? .max : sum
  }
}

/// A failed attempt, or a problem of the service itself.
public struct Failure: Sendable, Equatable {
  /// When it was recorded, in microseconds since 1970, UTC.
  public let time: UInt64
  /// The kind of record; `nil` if this version does not know it.
  public let catalogID: CatalogID?
  /// The word for the cause.
  public let cause: String
  /// The sentence of the record.
  public let message: String
  /// The calling AE title.
  public let callingAE: String?
  /// The called AE title.
  public let calledAE: String?
  /// The address of the device.
  public let address: String?
  /// The PDU that rejected or aborted the association.
  public let reason: String?
  /// The number of failures that the record stands for.
  public let count: UInt64
  /// The refused bytes in hexadecimal digits; only if the reader asked for them.
  public let evidence: String?

  fileprivate init(_ record: JournalRecord, _ cause: String) {
    self.cause = cause
    (time, catalogID, message) = (record.time, record.catalogID, record.message)
    (callingAE, calledAE, address) = (record.callingAE, record.calledAE, record.address)
    (reason, count, evidence) = (record.reason, record.count, record.evidence)
  }

  /// What to do about it; `nil` if this version does not know the cause.
  public var remedy: Remedy? {
    guard let catalogID else { return nil }
    return Remedy(of: catalogID, for: self)
  }
}
