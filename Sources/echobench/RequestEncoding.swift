import ByteCoding
import UpperLayer
import Verification

/// The PDUs of a requestor, appended to an output (PS3.8 §9.3). Reserved bytes are zero.
extension OutputSpan where Element == UInt8 {
  /// Appends an A-ASSOCIATE-RQ that proposes Verification (PS3.8 §9.3.2).
  @_lifetime(self: copy self)
  mutating func appendAssociateRequest(_ called: AETitle, _ calling: AETitle) {
    append(PDUType.associateRequest.rawValue)
    append(0)
    let start = count
    append(bigEndian: 0 as UInt32)
    append(bigEndian: 1 as UInt16)  // protocol version
    append(bigEndian: 0 as UInt16)
    append(copying: called.bytes.span)
    append(copying: calling.bytes.span)
    for _ in 0..<4 { append(bigEndian: 0 as UInt64) }
    appendItem(.applicationContext) { $0.append(StandardUID.applicationContext) }
    appendItem(.presentationContextProposed) { item in
      item.append(Requests.contextID)
      for _ in 0..<3 { item.append(0) }
      item.appendItem(.abstractSyntax) { $0.append(EchoRequest.verification) }
      item.appendItem(.transferSyntax) { $0.append(Requests.transferSyntax.uid) }
    }
    appendItem(.userInformation) { item in
      item.appendItem(.maximumLength) { $0.append(bigEndian: Requests.maximumLength) }
      item.appendItem(.implementationClassUID) { $0.append(copying: Benchmark.classUID.utf8.span) }
      item.appendItem(.implementationVersionName) {
        $0.append(copying: Benchmark.versionName.utf8.span)
      }
    }
    patch(bigEndian: UInt32(count - start - 4), at: start)
  }

  /// Appends a C-ECHO-RQ with Message ID 0 in one P-DATA-TF (PS3.8 §9.3.5, PS3.7 §9.3.5.1).
  @_lifetime(self: copy self)
  mutating func appendEchoRequest() {
    appendHeader(.dataTransfer, length: Requests.echoLength)
    append(bigEndian: Requests.echoLength - 4)
    append(Requests.contextID)
    append(3)  // a command, and its last fragment
    appendElementHeader(CommandElement.groupLength, length: 4)
    append(littleEndian: 56 as UInt32)
    appendElementHeader(CommandElement.affectedSOPClassUID, length: 18)
    append(EchoRequest.verification)
    append(0)
    append(CommandElement.commandField, CommandField.echoRequest)
    append(CommandElement.messageID, 0)
    append(CommandElement.commandDataSetType, EchoAnswer.noDataSet)
  }

  /// Appends an A-RELEASE-RQ (PS3.8 §9.3.6).
  @_lifetime(self: copy self)
  mutating func appendReleaseRequest() {
    appendHeader(.releaseRequest, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt32)
  }

  /// Appends an A-ABORT by the service user (PS3.8 §9.3.8).
  @_lifetime(self: copy self)
  mutating func appendAbort() {
    appendHeader(.abort, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt32)
  }

  /// Appends a PDU header (PS3.8 §9.3.1).
  @_lifetime(self: copy self)
  private mutating func appendHeader(_ type: PDUType, length: UInt32) {
    append(type.rawValue)
    append(0)
    append(bigEndian: length)
  }

  /// Appends an item with what `content` appends as its value (PS3.8 §9.3.2).
  @_lifetime(self: copy self)
  private mutating func appendItem(
    _ type: ItemType, _ content: (inout OutputSpan<UInt8>) -> Void
  ) {
    append(type.rawValue)
    append(0)
    let lengthOffset = count
    append(bigEndian: 0 as UInt16)
    content(&self)
    patch(bigEndian: UInt16(count - lengthOffset - 2), at: lengthOffset)
  }

  /// Appends the tag and the length of an element of group 0000 (PS3.7 §6.3.1).
  @_lifetime(self: copy self)
  private mutating func appendElementHeader(_ element: UInt16, length: UInt32) {
    append(littleEndian: 0 as UInt16)
    append(littleEndian: element)
    append(littleEndian: length)
  }

  /// Appends an element of group 0000 with a value of VR US.
  @_lifetime(self: copy self)
  private mutating func append(_ element: UInt16, _ value: UInt16) {
    appendElementHeader(element, length: 2)
    append(littleEndian: value)
  }
}
