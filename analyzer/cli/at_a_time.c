#include "at_a_time.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

void sc_at_a_time(void *(*work)(void *), void *first, void *second)
{
    pthread_t thread;
    bool beside = second && pthread_create(&thread, NULL, work, second) == 0;
    work(first);
    if (beside)
        pthread_join(thread, NULL);
    else if (second)
        work(second);
}
