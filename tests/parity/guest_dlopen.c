/* Loads a library at run time, calls a function of it that makes system calls by itself and by libc, unloads it; twice.
 */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 0; i < 2; i++) {
        void *library = argc > 1 ? dlopen(argv[1], i ? RTLD_LAZY : RTLD_NOW) : NULL;
        int (*work)(const char *) = library ? (int (*)(const char *))dlsym(library, "plugin_work") : NULL;
        if (!work) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        printf("%d\n", work(i ? "second" : "first"));
        dlclose(library);
    }
    void *library = dlopen("libm.so.6", RTLD_NOW);
    printf("%s\n", library ? "libm" : dlerror());
    printf("%s\n", dlopen("libnonexistent.so", RTLD_NOW) ? "?" : "not there");
    return 0;
}
