import CLinux
import Glibc

/// The processor time that this process has used, in milliseconds.
public func processorTime() -> Int {
  var usage = rusage()
  // Safe because the call only fills in the structure it is lent.
  _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
    + (Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)) / 1000
}
