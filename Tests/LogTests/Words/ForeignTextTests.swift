import Testing
import UpperLayer

@testable import Log

// An integration engineer at a site: "18 of 25 protocols are only said not to be DICOM, without a byte".

/// The bytes that are shown of input that is not DICOM.
@Suite struct ForeignOpeningTests {
  /// Input, and the part of it that is shown: nothing beyond the place of a possible user name or secret.
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
    ("<patient name=\"S3CRET\">", "<patient"),
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

  /// Input that is content from its first byte or soon after, and the part of it that is shown.
  static let contents: [(came: [UInt8], shown: [UInt8])] =
    [
      ("\u{5}lp S3CRET 12\n", "\u{5}lp "), ("\u{2}lp\nS3CRET", "\u{2}lp\n"),
      ("\u{1B}ES3CRET", "\u{1B}E"), ("\u{1B}%-12345X@PJL S3CRET", "\u{1B}%-12345X"),
      ("@PJL JOB S3CRET", "@PJL"), ("%!PS S3CRET", "%!PS"), ("EHLO S3CRET\r\n", "EHLO "),
      ("\u{B}PID|1||S3CRET", "\u{B}"), ("\u{B}S3CRET", "\u{B}"), ("MSH|S3CRET", "MSH|"),
      ("MSH|^~\\|S3CRET", "MSH|^~\\"), ("\u{B}MSH^~|\\&^S3CRET", "\u{B}MSH^~|\\&"),
      ("\r\nMSH|^~\\&|S3CRET", "\r\nMSH|^~\\&"), ("PID|1||S3CRET", "PID|"),
      ("S^3CRET|", "S^"), ("[\"S3CRET\",1]", "["), ("[{\"S3CRET\":1}]", "["),
      ("\u{FEFF}{\"S3CRET\":1}", "\u{FEFF}{"), ("<!--S3CRET-->", "<!"), ("<a S3CRET='1'>", "<a"),
      ("\u{2}1S3CRET", "\u{2}1"), ("\u{5}\u{2}1S3CRET", "\u{5}\u{2}"),
      ("\0\u{10}\0\u{10}PN\0\u{6}S3CRET", "\0\u{10}\0\u{10}PN\0\u{6}"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

  private static func kind(of bytes: [UInt8]) throws -> ForeignProtocol {
    let kind = ForeignProtocol(firstBytes: bytes.span)
    return try #require(kind)
  }

  @Test("Content is not shown", arguments: contents)
  func content(came: [UInt8], shown: [UInt8]) throws {
    #expect(RefusedPDU(came.span, .foreign(try Self.kind(of: came))).evidence == shown)
  }

  @Test("Up to sixteen bytes of other protocols are shown, but no secret", arguments: openings)
  func shown(came: String, shown: String) throws {
    let bytes = Array(came.utf8)
    let refused = RefusedPDU(bytes.span, .foreign(try Self.kind(of: bytes)))
    #expect(refused.opening == Escaping.quoted(Array(shown.utf8).span))
    #expect(refused.evidence == Array(shown.utf8))
  }

  @Test("The sentence has these bytes after the name of the protocol")
  func sentence() {
    var record = Record(
      .aborting(.foreignProtocol(.rtsp), nil, .serviceUser, .awaitingRequest), about: modality)
    record.refused = RefusedPDU(Array("OPTIONS * RTSP/1.0\r\n".utf8).span, .foreign(.rtsp))
    #expect(
      record.sentence.hasSuffix(
        ": aborted: RTSP (camera) on a DICOM port: it begins with \"OPTIONS * RTSP/1\"; expected an "
          + "A-ASSOCIATE-RQ"))
  }
}
