import Ledger
import Log

/// Records and times that the tests of reports share.
enum Samples {
  /// The time of the reports: 2026-11-30 10:03:20 UTC, in microseconds since 1970.
  static let now: UInt64 = 1_796_033_000 * Clock.second
  static let minute = 60 * Clock.second
  static let hour = 60 * minute
  static let day = 24 * hour

  /// The clock of a place that is `offset` seconds ahead of UTC, all year.
  static func clock(offset: Int64 = 0, now: UInt64 = now) -> Clock {
    Clock(now: now) { _ in offset }
  }

  /// A record with `fields`, each as `NAME=value`.
  static func record(
    _ fields: [String], ago: UInt64 = 0, withEvidence: Bool = false
  ) -> JournalRecord {
    var record = JournalRecord(time: now - ago, withEvidence: withEvidence)
    for field in fields { record.add(field) }
    return record
  }

  /// The record of an association that was released.
  static func released(
    _ title: String?, _ address: String, echoes: UInt64 = 1, ago: UInt64 = 0, _ more: String...
  ) -> JournalRecord {
    let name = title.map { "\(PeerWords.name($0)) at " } ?? ""
    let count = Counted.text(echoes, "echo", "echoes")
    return record(
      [
        "MESSAGE=\(name)\(address):40112 called MYPACS: \(count) in 0.214 s, association released",
        "PRIORITY=6", "MESSAGE_ID=\(CatalogID.associationReleased.number)",
        "DICOM_PEER_ADDRESS=\(address)", "DICOM_ECHOES=\(echoes)", "DICOM_CALLED_AE=MYPACS",
      ] + (title.map { ["DICOM_CALLING_AE=\($0)"] } ?? []) + more, ago: ago)
  }

  /// The record of a failure of the kind `id`; of the service itself without an address.
  static func failed(
    _ id: CatalogID, _ title: String? = nil, _ address: String? = nil, ago: UInt64 = 0,
    _ more: String...
  ) -> JournalRecord {
    let title = title.map { ["DICOM_CALLING_AE=\($0)", "DICOM_CALLED_AE=OTHER"] } ?? []
    let address = address.map { ["DICOM_PEER_ADDRESS=\($0)"] } ?? []
    let cause = id.cause ?? "none"
    return record(
      [
        "MESSAGE=this is what the service writes about \(cause)", "PRIORITY=4",
        "MESSAGE_ID=\(id.number)", "ECHOSCP_CAUSE=\(cause)",
      ] + title + address + more, ago: ago)
  }

  /// The record of a connection without a byte.
  static func healthCheck(_ address: String, ago: UInt64 = 0, _ more: String...) -> JournalRecord {
    record(
      [
        "MESSAGE=\(address):40112: connected and closed without data: a health check",
        "PRIORITY=6", "MESSAGE_ID=\(CatalogID.healthCheck.number)", "ECHOSCP_CAUSE=health-check",
        "DICOM_PEER_ADDRESS=\(address)",
      ] + more, ago: ago)
  }

  /// A record about the service, such as that of a start.
  static func service(_ id: CatalogID, ago: UInt64 = 0, _ more: String...) -> JournalRecord {
    record(
      ["MESSAGE=echoscpd v0.1.0", "PRIORITY=6", "MESSAGE_ID=\(id.number)"] + more, ago: ago)
  }

  /// The fields of a start with TLS.
  static let facts = [
    "ECHOSCP_VERSION=0.1.0", "ECHOSCP_LOG_LEVEL=info", "ECHOSCP_AE_TITLE=MYPACS",
    "ECHOSCP_LISTENERS=[::]:104", "ECHOSCP_LISTENERS=[::]:11112", "ECHOSCP_TLS_LISTENERS=[::]:2762",
    "ECHOSCP_SOCKETS=passed", "ECHOSCP_TLS_SUBJECT=CN=mypacs.example", "ECHOSCP_TLS_DAYS=312",
  ]
}

extension JournalRecord {
  /// Adds a field, `NAME=value`.
  mutating func add(_ field: String) {
    let bytes = Array(field.utf8)
    add(bytes.span)
  }
}
