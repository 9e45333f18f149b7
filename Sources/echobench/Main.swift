import Glibc
import Linux
import Settings
import TLS

/// The program: reads the command line, puts load on the SCP, and reports.
@main
enum Main {
  static func main() {
    Process.ignoreBrokenPipes()
    let options = OptionReader.read()
    let peer = address(of: options)
    do throws(SystemError) {
      let limit = try Process.raiseDescriptorLimit()
      guard limit >= options.clients + 16 else {
        Exit.system(
          "--clients: \(options.clients) need more open files than the limit of \(limit) allows;"
            + " raise it with ulimit -n")
      }
      var generator = try Generator(options, on: peer, encryption: encryption(of: options))
      try generator.run()
      let report = generator.report
      Exit.print(options.isJSON ? report.json : report.table)
      StandardStream.error.write(report.remarks)
      exit(report.tally.errorTotal == 0 ? 0 : 1)
    } catch {
      Exit.system(error.text)
    }
  }

  /// What the connections need for TLS, or `nil` without TLS.
  private static func encryption(of options: Options) -> Encryption? {
    guard let files = options.tls else { return nil }
    do throws(Context.Failure) {
      return Encryption(try Context.client(files))
    } catch {
      let problem = error.problems.first
      Exit.usage("--\(problem?.setting ?? ""): \(problem?.text ?? "")")
    }
  }

  /// The address to connect to.
  private static func address(of options: Options) -> NetworkAddress {
    guard let address = try? NetworkAddress.resolve(options.host, port: options.port).first else {
      Exit.unknownHost(
        "the host \(Quotation.of(options.host)) is unknown; check the spelling, or use its address")
    }
    if options.sources > 0, !address.isIPv4 {
      Exit.usage("--sources needs an IPv4 host; \(Quotation.of(options.host)) is not one")
    }
    return address
  }
}
