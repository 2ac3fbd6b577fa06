/*
 * vfork_entry.S: vfork as a program calls it. It comes back twice into its caller's frame, which no function in C can
 * stand in front of: what is to be done before it is done, and then it is as if vfork had been called.
 */
        .text
        .globl  vfork, __vfork
        .type   vfork, @function
        .type   __vfork, @function
        .p2align 4
vfork:
__vfork:
        .cfi_startproc
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    sc_vfork_begins
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        jmp     *%rax
        .cfi_endproc
        .size   vfork, . - vfork
        .size   __vfork, . - __vfork

        .section .note.GNU-stack, "", @progbits
