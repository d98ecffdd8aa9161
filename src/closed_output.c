/* Before main, the runtime of Rust puts /dev/null in the place of standard output if that is closed,
   and what is written then is lost without a word. This comes first: what it puts there cannot be
   written to, so that the result of a command is missed. */

#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void keep_output_closed(void) {
    if (fcntl(STDOUT_FILENO, F_GETFD) != -1)
        return;
    int null = open("/dev/null", O_RDONLY);
    /* It is another where standard input is closed too. */
    if (null != STDOUT_FILENO && null != -1) {
        dup2(null, STDOUT_FILENO);
        close(null);
    }
}
