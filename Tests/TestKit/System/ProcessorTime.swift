import CLinux
import Glibc

/// How many milliseconds of processor time this process has used.
public func processorTime() -> Int {
  var usage = rusage()
  // Safe because the call only fills in the structure that it is lent.
  _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
    + (Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)) / 1000
}
