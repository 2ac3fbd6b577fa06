/*
 * site_scan.S: const uint8_t *sc_scan_pair(const uint8_t *at, const uint8_t *end)
 *
 * The first 0f 05, the bytes of `syscall`, of which both lie in [at, end); end where there is none. Looks at sixteen places
 * a step. The vector registers that it uses are as before when it returns: it runs in the loader's own system calls too,
 * whose callers may keep values there.
 */
        .text
        .globl  sc_scan_pair
        .hidden sc_scan_pair
        .type   sc_scan_pair, @function
        .balign 32
sc_scan_pair:
        .cfi_startproc
        subq    $72, %rsp
        .cfi_adjust_cfa_offset 72
        movups  %xmm0, (%rsp)
        movups  %xmm1, 16(%rsp)
        movups  %xmm2, 32(%rsp)
        movups  %xmm3, 48(%rsp)
        movl    $0x0f0f0f0f, %eax
        movd    %eax, %xmm2
        pshufd  $0, %xmm2, %xmm2
        movl    $0x05050505, %eax
        movd    %eax, %xmm3
        pshufd  $0, %xmm3, %xmm3
        leaq    -17(%rsi), %rdx         /* the last place from which 17 bytes can be read */
        jmp     2f
1:      movdqu  (%rdi), %xmm0
        movdqu  1(%rdi), %xmm1
        pcmpeqb %xmm2, %xmm0
        pcmpeqb %xmm3, %xmm1
        pand    %xmm1, %xmm0
        pmovmskb %xmm0, %eax
        testl   %eax, %eax
        jnz     4f
        addq    $16, %rdi
2:      cmpq    %rdx, %rdi
        jbe     1b
        decq    %rsi                    /* the rest, one by one: the last place has a byte after it */
        jmp     6f
3:      cmpw    $0x050f, (%rdi)
        je      5f
        incq    %rdi
6:      cmpq    %rsi, %rdi
        jb      3b
        leaq    1(%rsi), %rdi
        jmp     5f
4:      bsfl    %eax, %eax
        addq    %rax, %rdi
5:      movq    %rdi, %rax
        movups  (%rsp), %xmm0
        movups  16(%rsp), %xmm1
        movups  32(%rsp), %xmm2
        movups  48(%rsp), %xmm3
        addq    $72, %rsp
        .cfi_adjust_cfa_offset -72
        ret
        .cfi_endproc
        .size   sc_scan_pair, . - sc_scan_pair

        .section .note.GNU-stack, "", @progbits
