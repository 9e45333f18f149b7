import Linux
import TestKit

@testable import Log
@testable import UpperLayer

/// One occurrence of an event as the journal shows it, rendered by the code for real records.
struct EventExample: Sendable {
  /// The event.
  let event: Event
  /// The priority in the journal.
  let priority: Priority
  /// The first line of the message.
  let text: String
  /// The fields in order.
  let fields: [(name: String, value: String)]

  /// - Parameter subject: The device, or `nil` for the one of the recipes.
  init(_ event: Event, about subject: Subject? = nil) {
    self.event = event
    var record = Self.record(event, about: subject ?? Self.device(event))
    // A text about the service does not name a device.
    if !AssociationSummary.text(of: record, at: SessionExamples.now).contains(
      Self.device.peer.address)
    {
      record = Self.record(event, about: nil)
    }
    var fields = Self.fields(of: record)
    // A subject that is not a device is the address on which the service listens.
    if record.subject != nil, !fields.contains(where: { $0.name == "DICOM_PEER_ADDRESS" }) {
      record = Self.record(event, about: Self.host)
      fields = Self.fields(of: record)
    }
    priority = event.priority(in: .journal)
    text =
      AssociationSummary.text(of: record, at: SessionExamples.now)
      + (event.isSum ? Self.sum.text(for: record) : "")
    // Fields that a warning about a device may have without any mention in the text.
    if priority == .warning, record.subject != nil {
      let known = Set(fields.map(\.name))
      fields += Self.fields(of: record, Self.repeated).filter { !known.contains($0.name) }
    }
    if event.isSum {
      let known = Set(fields.map(\.name))
      fields += Self.fields(of: record, Self.sum).filter { !known.contains($0.name) }
    }
    self.fields = fields.enumerated().sorted {
      let (left, right) = (Self.place(of: $0.element.name), Self.place(of: $1.element.name))
      return (left, $0.offset) < (right, $1.offset)
    }.map(\.element)
  }

  private static func place(of name: String) -> Int {
    JournalField.allCases.firstIndex { $0.rawValue == name } ?? 0
  }

  /// The remark on a warning that repeats.
  static let repeated: Remark = {
    var remark = Remark()
    remark.repetitions = 41
    remark.seconds = 60
    return remark
  }()

  /// The remark on a record that sums up a cause.
  static let sum: Remark = {
    var remark = Remark()
    remark.repetitions = 1990
    remark.echoes = 0
    remark.seconds = 60
    remark.scope = .cause
    remark.addresses = 12
    remark.largest = [Remark.Share(address: "192.0.2.66", count: 1200)]
    return remark
  }()

  /// The time that must have passed before the event, in milliseconds.
  private static func timeout(of event: Event) -> UInt64 {
    switch event {
    case .aborting(.idleAssociation(let time), _, _, _),
      .aborting(.stalledMessage(let time), _, _, _):
      UInt64(time)
    default: 0
    }
  }

  private static func record(_ event: Event, about subject: Subject?) -> Record {
    var record = Record(event, about: subject, attachment: EventExamples.attachment(of: event))
    record.time = 214 + timeout(of: event)
    record.security = SessionExamples.session(of: event)
    record.relay = EventExamples.relay(of: event)
    if event.isRefusal {
      let refused = EventExamples.refused(event)
      let kind: RefusedBytes =
        if case .aborting(.foreignProtocol(let other), _, _, _) = event {
          .foreign(other)
        } else {
          .brokenRequest(length: UInt32(refused.count))
        }
      record.refused = RefusedPDU(refused.span, kind)
    }
    return record
  }

  private static func fields(
    of record: Record, _ remark: Remark = Remark()
  ) -> [(name: String, value: String)] {
    var entry: [UInt8] = []
    let fields = JournalFields(
      run: 0x798e_498c_6d40_7a14, withDumps: false, now: SessionExamples.now)
    fields.append(record, remark, to: &entry)
    return NativeEntry.fields(of: entry).map { field in
      let name = field.prefix { $0 != "=" }
      return (String(name), String(field.dropFirst(name.count + 1)))
    }
  }

  /// Returns the device as known at the time of the event.
  private static func device(_ event: Event) -> Subject {
    var subject = Subject(peer: device.peer)
    if EventExamples.hasTitles(event) {
      (subject.callingAETitle, subject.calledAETitle) = (
        device.callingAETitle, device.calledAETitle
      )
    }
    if EventExamples.isBeforeTheRequest(event) { return subject }
    subject = device
    if EventExamples.hasEchoed(event) { subject.echoes = 2 }
    if case .associationReleased(let notes, _, let aeTitle) = event {
      if notes.contains(.aeTitlesSwapped) {
        subject.calledAETitle = subject.callingAETitle
        subject.callingAETitle = aeTitle
      }
      if notes.contains(.aeTitlesEqual) { subject.callingAETitle = subject.calledAETitle }
    }
    return subject
  }

  /// The device of the recipes.
  private static let device: Subject = {
    var subject = Subject(
      peer: NetworkAddress(
        bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 7], port: 40112))
    subject.callingAETitle = AETitle("CT1")
    subject.calledAETitle = AETitle("MYPACS")
    subject.association = 1
    let request = Wire.associateRequest()
    if let request = try? AssociateRequest(request.span.extracting(droppingFirst: 6)) {
      subject.implementation.read(request)
    }
    return subject
  }()

  /// The address on which the service listens.
  private static let host = Subject(
    peer: NetworkAddress(bytes: InlineArray(repeating: 0), port: 11112))
}
