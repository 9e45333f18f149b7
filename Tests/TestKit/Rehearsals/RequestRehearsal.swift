import Linux
import UpperLayer

/// Rehearses an A-ASSOCIATE-RQ: the decoder and a reference must agree on whether it is well-formed, and
/// the decoder's result, encoded again, must equal the reference's.
public enum RequestRehearsal {
  /// Rehearses the body of a PDU.
  public static func check(_ body: [UInt8]) throws(Rehearsal.Violation) {
    let expected = try? RequestReference(body)
    let found: [UInt8]
    var difference: String?
    do throws(Malformed) {
      let request = try AssociateRequest(body.span)
      found = try encode(request)
      if let expected { difference = try RequestComparison.difference(request, expected) }
    } catch {
      try demand(expected == nil, "malformed (\(error)), but the reference accepts it")
      // The reported offset, counted from the PDU header of six bytes, must be that of such an item.
      let place = Int(error.offset) - 6
      try demand(
        error.item == 0 && error.offset == 0
          || body.indices.contains(place) && body[place] == error.item, "wrong offset: \(error)")
      return
    }
    if let difference { throw Rehearsal.Violation(description: difference) }
    guard let expected else { throw Rehearsal.Violation(description: "the reference refuses it") }
    try demand(found == expected.canonical, "the encoded result differs")
  }

  /// The decoder's result in the reference's canonical form.
  private static func encode(_ request: borrowing AssociateRequest) throws(Malformed) -> [UInt8] {
    let fields = copy(request.body.extracting(4..<68))
    let version = Int(request.protocolVersion)
    guard request.isVersionSupported else {
      // The items of another version are not checked, and may be anything.
      return (try? RequestReference(copy(request.body)))?.canonical ?? []
    }
    var contexts: [[UInt8]] = []
    var proposed = request.contexts
    while let context = try proposed.next() {
      var transferSyntaxes: [[UInt8]] = []
      var names = context.transferSyntaxes
      while let name = try names.next() { transferSyntaxes.append(copy(name)) }
      contexts.append(
        RequestReference.context(
          context.id, copy(try context.abstractSyntax), transferSyntaxes))
    }
    let information = RequestReference.information(
      Int(request.userInformation.maximumLength), copy(request.implementationClassUID),
      copy(request.implementationVersionName), try negotiation(request))
    return RequestReference.canonical(
      version: version, fields: fields,
      applicationContext: copy(try request.applicationContextName), contexts: contexts,
      userInformation: information)
  }

  private static func negotiation(
    _ request: borrowing AssociateRequest
  ) throws(Malformed) -> [[UInt8]] {
    var all: [[UInt8]] = []
    var items = try request.negotiationItems
    while let item = try items.next() {
      switch item {
      case .asynchronousOperationsWindow(let invoked, let performed):
        all.append(
          RequestReference.long(0x53, Wire.be16(Int(invoked)) + Wire.be16(Int(performed))))
      case .roleSelection(let uid, let scu, let scp):
        all.append(RequestReference.long(0x54, field(uid) + [scu, scp]))
      case .sopClassExtendedNegotiation(let uid, let information):
        all.append(RequestReference.long(0x56, field(uid) + copy(information)))
      case .sopClassCommonExtendedNegotiation(let uid, let service, var related):
        var list: [UInt8] = []
        while let uid = related.next() { list += field(uid) }
        all.append(
          RequestReference.long(
            0x57, field(uid) + field(service) + Wire.be16(list.count) + list))
      case .userIdentity(let type, let response, let primary, let secondary):
        all.append(
          RequestReference.long(0x58, [type, response] + field(primary) + field(secondary)))
      }
    }
    return all
  }

  private static func field(_ bytes: Span<UInt8>) -> [UInt8] {
    Wire.be16(bytes.count) + copy(bytes)
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
