#include "run.h"

const struct sc_module_map *sc_run_module(const struct sc_run *run, uint32_t process, uint64_t address)
{
    const struct sc_module_map *found = NULL;
    for (size_t i = run->module_count; i-- > 0;) {
        const struct sc_module_map *module = &run->modules[i];
        if (address <= module->begin || address > module->end)
            continue;
        if (module->process == process)
            return module;
        found = found ? found : module;
    }
    return found;
}
