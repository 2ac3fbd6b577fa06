#!/bin/bash
# A thread that is to be cancelled finds that out in each of the wrapped functions that is a cancellation point, and in no
# other; what comes after is recorded.
. "$(dirname "$0")/lib_hostile.sh"
same each sh -c "$GUESTS/every_symbol cancel; status=\$?; rm -rf m?????? m??????.x d??????; exit \$status"
check "- each: a hundred are cancellation points" [ "$(grep -c ' cancelled$' each.native)" -ge 100 ]
check "- each: the others are none" [ "$(grep -c ' returned$' each.native)" -ge 200 ]
did each "read cancelled"
did each "lseek returned"
numbers=$(grep -cE '^[0-9]+ ' each.native)
# "absent" ones are not called, the last two are forks and leave no mark.
marked=$(grep -E '^[0-9]+ ' each.native | grep -vcE ' absent$| clone$')
asks each "every place was reached" "$marked <= len({l.split('close(')[1] for l in lines(r'close\(-1[0-9]{3}\)')}) <= $numbers"
asks each "nothing dropped" 'r["coverage"]["dropped_records"] == 0 and r["end"]["code"] == 0'
finish
