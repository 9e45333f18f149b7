import Linux
import Server
import Settings

extension ConfigurationReader {
  /// Reads the configuration again for a service that listens on `listeners`.
  static func reread(_ line: CommandLineSettings, _ listeners: [Listener]) -> ReloadedConfiguration
  {
    do throws(SystemError) {
      let (configuration, _) = try read(line)
      guard configuration.diagnostics.isEmpty else { return .bad(configuration.diagnostics) }
      let settings = configuration.settings
      do throws(SecureContext.Refusal) {
        let context = try SecureContext.make(configuration)
        let remarks = StartupWarnings.about(configuration, context, listeners)
        return .good(settings, Policy(settings, tls: context), remarks: remarks)
      } catch {
        return .bad(error.diagnostics)
      }
    } catch {
      return .unreadable(error)
    }
  }
}
