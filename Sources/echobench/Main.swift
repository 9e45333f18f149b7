import Glibc
import Linux
import Settings

/// The program: read the command line, put the load on, report.
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
          "--clients: \(options.clients) need more open files than the limit of \(limit);"
            + " raise it with ulimit -n")
      }
      var generator = try Generator(options, on: peer)
      try generator.run()
      let report = generator.report
      Exit.print(options.isJSON ? report.json : report.table)
      StandardStream.error.write(report.remarks)
      exit(report.tally.errorTotal == 0 ? 0 : 1)
    } catch {
      Exit.system(error.text)
    }
  }

  /// The address to connect to.
  private static func address(of options: Options) -> NetworkAddress {
    guard let address = try? NetworkAddress.resolve(options.host, port: options.port).first else {
      Exit.unknownHost("the host \(Quotation.of(options.host)) is not known")
    }
    if options.sources > 0, !address.isIPv4 {
      Exit.usage("--sources: the addresses are IPv4's, \(Quotation.of(options.host)) is not")
    }
    return address
  }
}
