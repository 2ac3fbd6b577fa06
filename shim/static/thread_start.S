/*
 * thread_start.S: the making of a thread.
 *
 * sc_thread_clone is entered like a trampoline's own syscall instruction: all registers are the program's, but rcx, which
 * holds the site, and r11, which a system call destroys anyway and which holds the new thread's block (thread_block.h).
 * The flags are the program's and are kept. The parent goes on as after any such call. The child comes out on the stack
 * that the program gave it, of which nothing is used: it takes its block first, then its signal mask, which is why no
 * handler finds it without.
 */
        .text
        .globl  sc_thread_clone
        .hidden sc_thread_clone
        .type   sc_thread_clone, @function
        .balign 16
sc_thread_clone:
        leaq    -128(%rsp), %rsp        /* below the red zone; the child has another stack */
        pushq   %r12
        pushq   %rcx
        movq    %r12, 120(%r11)
        movq    %r11, %r12
        syscall
        movq    %rax, %rcx
        jrcxz   1f                      /* changes no flags */
        popq    %rcx
        popq    %r12
        leaq    128(%rsp), %rsp
        jmp     sc_site_raw_done
1:      movq    %rdi, 88(%r12)
        movq    %rsi, 96(%r12)
        movq    %rdx, 104(%r12)
        movq    %r10, 112(%r12)
        jmpq    *64(%r12)

        .globl  sc_thread_set_base
        .hidden sc_thread_set_base
sc_thread_set_base:
        wrgsbase %r12
        jmp     2f

        .globl  sc_thread_set_base_by_call
        .hidden sc_thread_set_base_by_call
sc_thread_set_base_by_call:
        movl    $0x1001, %edi           /* ARCH_SET_GS */
        movq    %r12, %rsi
        movl    $158, %eax              /* arch_prctl */
        syscall

2:      movzbl  144(%r12), %ecx         /* masked */
        movb    $0, 144(%r12)
        jrcxz   3f
        movl    $2, %edi                /* SIG_SETMASK */
        leaq    80(%r12), %rsi
        movl    $0, %edx
        movl    $8, %r10d
        movl    $14, %eax               /* rt_sigprocmask */
        syscall
3:      movq    88(%r12), %rdi
        movq    96(%r12), %rsi
        movq    104(%r12), %rdx
        movq    112(%r12), %r10
        movl    $0, %eax
        movq    72(%r12), %rcx
        movq    120(%r12), %r12
        jmpq    *%rcx
        .size   sc_thread_clone, . - sc_thread_clone

/*
 * sc_thread_leave(block, list, index1, status). The list's head is the first block's index and 1, and in its upper half a
 * count against ABA. Nothing is on the stack once the block is in it.
 */
        .globl  sc_thread_leave
        .hidden sc_thread_leave
        .type   sc_thread_leave, @function
        .balign 16
sc_thread_leave:
        movq    %rcx, %r8
        movq    (%rsi), %rax
1:      movl    %eax, 160(%rdi)         /* next */
        movq    %rax, %rcx
        shrq    $32, %rcx
        incq    %rcx
        shlq    $32, %rcx
        orq     %rdx, %rcx
        lock cmpxchgq %rcx, (%rsi)
        jne     1b
        movq    %r8, %rdi
        movl    $60, %eax               /* exit */
        syscall
        hlt
        .size   sc_thread_leave, . - sc_thread_leave

        .section .note.GNU-stack, "", @progbits
