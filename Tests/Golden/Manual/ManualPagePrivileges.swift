/// What echoscpd(8) says of the privileges that the program is started with.
extension ManualPage {
  static func privileges(_ page: inout RoffPage) {
    page.section("PRIVILEGES")
    page.paragraph(
      """
      Once it listens the program needs none. Started as root it becomes user then, for good, before \
      there is a second thread; without user it stays root, and warns. A process with a \
      group that user does not have does not count as user: root gives such groups up, and any other \
      process is refused. As anybody else it gives up every capability that it was started with. In each case no program that it might start has more \
      privileges than it has itself (PR_SET_NO_NEW_PRIVS of prctl(2)), and unless core-dumps is set, \
      a crash leaves no core file, and no other process of the same user can look into this one.
      """)
    page.paragraph(
      """
      From then on it opens no file but those of its configuration at a reload. They have to be \
      readable for the user that it has become; if one of them is not, the reload is refused, and \
      the log says so.
      """)
  }
}
