import UpperLayer

/// What is wrong with the AE titles of a device themselves, whoever is called by them, and what a
/// strict SCP does about it.
enum OddTitles {
  /// It as the rest of a sentence; empty when nothing is wrong, or `record` is about no trouble and
  /// no association.
  static func text(of record: Record, _ subject: Subject) -> String {
    let notes = record.notes
    var text = ""
    if notes.contains(.aeTitleBlank), subject.callingText == nil, !saysBlank(record.event) {
      text +=
        "; its calling AE title is blank: set the AE title of the device itself on the device, "
        + "since a strict SCP rejects a blank one (1/1/3)"
    }
    guard notes.contains(.aeTitleCharacters) else { return text }
    if let calling = subject.callingAETitle, calling.hasForbiddenByte {
      text += bytes(of: "calling", calling, "1/1/3")
    }
    if let called = subject.calledAETitle, called.hasForbiddenByte {
      text += bytes(of: "called", called, "1/1/7")
    }
    return text
  }

  /// Whether the event itself says that the calling title is blank.
  private static func saysBlank(_ event: Event) -> Bool {
    if case .associationRejected(.callingAETitle, _) = event { true } else { false }
  }

  private static func bytes(of which: String, _ title: AETitle, _ rejection: String) -> String {
    let bytes = title.bytes
    let all = (0..<title.length).map { hex(bytes[$0]) }.joined(separator: " ")
    return
      "; its \(which) AE title has a byte that none may have (\(all)): a strict SCP rejects the "
      + "association (\(rejection)) or aborts it; set one of printable ASCII without backslash on the "
      + "device"
  }
}
