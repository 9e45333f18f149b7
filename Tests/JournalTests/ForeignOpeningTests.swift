// An integration engineer at a site: "18 of 25 protocols are only said not to be DICOM, without a byte".
import Testing
import UpperLayer

@testable import Journal

/// How much is shown of what is not DICOM.
@Suite struct ForeignOpeningTests {
  /// What came, and what is shown of it: nothing behind where the name of a user or a secret may be.
  static let openings: [(came: String, shown: String)] = [
    ("GET /?S3CRET HTTP/1.1\r\n", "GET /"), ("/?t=S3CR HTTP/1.1", "/"),
    ("GET http://joe:S3CRET@host/ HTTP/1.1", "GET http:"),
    ("GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n"),
    ("OPTIONS rtsp://joe:S3CRET@camera RTSP/1.0\r\n", "OPTIONS rtsp:"),
    ("INVITE sip:joe@host SIP/2.0\r\n", "INVITE sip:"),
    ("\u{B}MSH|^~\\&|S3CRET", "\u{B}MSH|^~\\&"), ("MSH|^~\\&|S3CRET", "MSH|^~\\&"),
    ("SSH-2.0-OpenSSH_9.2", "SSH-2.0-OpenSSH_"), ("AUTH S3CRET\r\n", "AUTH "),
    ("*2\r\n$4\r\nAUTH\r\n$6\r\nS3CRET", "*2\r\n$4\r\nAUTH\r\n$6"),
    ("{\"password\":\"S3CRET\"}", "{\"password\":"),
    ("<patient name=\"S3CRET\">", "<patient name="),
    ("<name>S3CRET</name>", "<name>"), ("USER S3CRET\r\n", "USER "),
    ("a1 login S3CRET x", "a1 login "),
    ("\u{4}\u{1}\0\u{50}\u{A}\0\0\u{1}S3CRET", "\u{4}\u{1}\0\u{50}\u{A}\0\0\u{1}"),
    ("\u{10}\u{1A}\0\u{4}MQTT\u{4}\u{2}\0<\0\u{6}S3CRET", "\u{10}\u{1A}\0\u{4}MQTT\u{4}\u{2}\0<"),
    (
      "0\u{13}\u{2}\u{1}\u{1}`\u{E}\u{2}\u{1}\u{3}\u{4}\u{3}S3CRET",
      "0\u{13}\u{2}\u{1}\u{1}`\u{E}\u{2}\u{1}\u{3}"
    ),
    ("\0\0\0\u{21}\0\u{3}\0\0user\0S3CRET", "\0\0\0\u{21}\0\u{3}\0\0"),
    ("\u{10}\0\u{10}\0\u{6}\0\0\0S3CRET", "\u{10}\0\u{10}\0\u{6}\0\0\0"),
    ("something that nobody knows", "something that n"), ("\u{1}default\n", "\u{1}default\n"),
  ]

  @Test("Of what is not DICOM sixteen bytes are shown, and no secret", arguments: openings)
  func shown(came: String, shown: String) {
    let bytes = Array(came.utf8)
    let refused = RefusedPDU(bytes.span, .foreign)
    #expect(ForeignOpening.length(of: bytes.span) == shown.utf8.count)
    #expect(refused.opening == Escaping.quoted(Array(shown.utf8).span))
    #expect(refused.evidence == Array(shown.utf8))
  }

  @Test("Its sentence has them behind the name of the protocol")
  func sentence() {
    var record = Record(
      .aborting(.foreignProtocol(.rtsp), nil, .serviceUser, .awaitingRequest), about: modality)
    record.refused = RefusedPDU(Array("OPTIONS * RTSP/1.0\r\n".utf8).span, .foreign)
    #expect(
      record.sentence.hasSuffix(
        ": aborted: RTSP (of a camera) on a DICOM port: it begins \"OPTIONS * RTSP/1\"; expected an "
          + "A-ASSOCIATE-RQ"))
  }
}
