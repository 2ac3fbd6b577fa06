/*
 * site_entry.S: from a site's trampoline to C and back.
 *
 * On entry rcx holds the site, everything else is the program's: the stack down to 128 bytes below rsp (the red zone),
 * all registers, the flags. A system call destroys rcx and r11 only, so those two are ours to use. The C code is compiled
 * for general registers: vector state is not touched.
 *
 * The frame looks to an unwinder as if the function at the site had called us: its stack pointer is our CFA, the return
 * address the one after its syscall instruction. Cancellation and exceptions unwind through here.
 */
        .text

#ifdef SC_CURRENT_IN_GS
/*
 * In a statically linked program (../static). Where the thread has a stack of ours (struct sc_thread_block at the GS
 * base) and is on neither that one nor the program's stack for signals, it changes over: Go's stacks have no room for us,
 * not for a word. Nothing may be stored before that is decided, as a handler may come in between: flags go into the upper
 * half of rcx, whose site has 47 bits.
 */
        .macro ENTER
        .cfi_startproc
        .cfi_def_cfa rsp, 0
        .cfi_undefined rip
        movq    %rax, %r11
        lahf                    /* flags: ah as lahf has them, al overflow */
        seto    %al
        shlq    $48, %rax
        orq     %rax, %rcx
        movq    %gs:40, %rax    /* stack_top */
        testq   %rax, %rax
        jz      92f
        cmpq    %gs:48, %rsp    /* alternate_begin, _end */
        jb      91f
        cmpq    %gs:56, %rsp
        jbe     92f
91:     cmpq    %gs:32, %rsp    /* stack_begin */
        jb      93f
        cmpq    %rax, %rsp
        jbe     92f
93:     xchgq   %rax, %rsp      /* from here on we are on ours, and a handler stays there */
        jmp     94f
92:     movq    %rsp, %rax
        leaq    -128(%rsp), %rsp
94:     pushq   %rax
        movq    %rcx, %rax
        shrq    $48, %rax
        shlq    $16, %rcx
        shrq    $16, %rcx
        pushq   (%rcx)
        pushq   %rcx
        pushq   %r9
        pushq   %r8
        pushq   %r10
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %r11
        pushq   %rax
        pushq   %rbp
        movq    %rsp, %rbp
        .cfi_def_cfa rbp, 224   /* as it is where the stack is not ours; Go's programs have no such tables */
        .cfi_offset rip, -144
        .cfi_offset rbp, -224
        andq    $-16, %rsp
        cld
        leaq    16(%rbp), %rdi
        .endm

/* The reverse: everything as it was, rcx the site again. rax as in struct sc_regs, and r11 what is in its after. */
        .macro LEAVE
        movq    %rbp, %rsp
        popq    %rbp
        .cfi_def_cfa rsp, 216
        .cfi_restore rbp
        popq    %rax
        addb    $0x7f, %al      /* overflow again where al is 1 */
        sahf
        popq    %rax
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %r10
        popq    %r8
        popq    %r9
        popq    %rcx
        popq    %r11
        movq    (%rsp), %rsp
        .cfi_def_cfa_offset 0
        .endm
#else
/* Stores the registers as struct sc_regs and the flags beyond; leaves rbp at the frame and rsp aligned. */
        .macro ENTER
        .cfi_startproc
        .cfi_def_cfa rsp, 0
        .cfi_undefined rip
        leaq    -128(%rsp), %rsp
        .cfi_def_cfa_offset 128
        pushq   (%rcx)
        .cfi_def_cfa_offset 136
        .cfi_offset rip, -136
        pushq   %rcx
        pushq   %r9
        pushq   %r8
        pushq   %r10
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %rax
        .cfi_def_cfa_offset 200
        lahf
        seto    %al
        pushq   %rax            /* flags: ah as lahf has them, al overflow */
        pushq   %rbp
        .cfi_def_cfa_offset 216
        .cfi_offset rbp, -216
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        andq    $-16, %rsp
        cld
        leaq    16(%rbp), %rdi
        .endm

/* The reverse: everything as it was, rcx the site again. rax as in struct sc_regs. */
        .macro LEAVE
        movq    %rbp, %rsp
        .cfi_def_cfa_register rsp
        popq    %rbp
        .cfi_def_cfa_offset 208
        .cfi_restore rbp
        popq    %rax
        .cfi_def_cfa_offset 200
        addb    $0x7f, %al      /* overflow again where al is 1 */
        sahf
        popq    %rax
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %r10
        popq    %r8
        popq    %r9
        popq    %rcx
        .cfi_def_cfa_offset 136
        leaq    136(%rsp), %rsp
        .cfi_def_cfa_offset 0
        .endm
#endif

        .globl  sc_site_entry
        .hidden sc_site_entry
        .type   sc_site_entry, @function
        .balign 64
sc_site_entry:
        ENTER
        call    sc_site_call
        testl   %eax, %eax
        jnz     1f
        .cfi_remember_state
        LEAVE
        movq    8(%rcx), %rcx
        jmpq    *%rcx
        .cfi_restore_state
1:
#ifdef SC_CURRENT_IN_GS
        cmpl    $2, %eax        /* SC_SITE_THREAD */
        je      2f
        .cfi_remember_state
#endif
        LEAVE
        movq    16(%rcx), %rcx
        jmpq    *%rcx
#ifdef SC_CURRENT_IN_GS
        .cfi_restore_state
2:      LEAVE
        jmp     sc_thread_clone
#endif
        .cfi_endproc
        .size   sc_site_entry, . - sc_site_entry

/* After a trampoline's own syscall instruction: in the parent and, on whatever stack it was given, in the child. */
        .globl  sc_site_raw_done
        .hidden sc_site_raw_done
        .type   sc_site_raw_done, @function
        .balign 16
sc_site_raw_done:
        ENTER
        call    sc_site_after_raw
        LEAVE
        movq    8(%rcx), %rcx
        jmpq    *%rcx
        .cfi_endproc
        .size   sc_site_raw_done, . - sc_site_raw_done

/* glibc 2.41's cancellation point: before its syscall instruction, and in place of the ret after it. */
        .globl  sc_site_cancel_begin
        .hidden sc_site_cancel_begin
        .type   sc_site_cancel_begin, @function
        .balign 16
sc_site_cancel_begin:
        ENTER
        call    sc_site_before_cancel_point
        LEAVE
        movq    8(%rcx), %rcx
        jmpq    *%rcx
        .cfi_endproc
        .size   sc_site_cancel_begin, . - sc_site_cancel_begin

        .globl  sc_site_cancel_end
        .hidden sc_site_cancel_end
        .type   sc_site_cancel_end, @function
        .balign 16
sc_site_cancel_end:
        ENTER
        call    sc_site_after_cancel_point
        LEAVE
        ret
        .cfi_endproc
        .size   sc_site_cancel_end, . - sc_site_cancel_end

/*
 * musl's cancellation point is called: the call's arguments are in their registers, rcx in rax. Then the function itself is
 * entered.
 */
        .macro BEFORE_CALL name, function
        .globl  \name
        .hidden \name
        .type   \name, @function
        .balign 16
\name:
        ENTER
        call    \function
        LEAVE
        movq    8(%rcx), %r11
        movq    %rax, %rcx
        jmpq    *%r11
        .cfi_endproc
        .size   \name, . - \name
        .endm

        BEFORE_CALL sc_site_call_begin, sc_site_before_call
        BEFORE_CALL sc_site_unmap_begin, sc_site_before_unmap

/* And it has come back. */
        .globl  sc_site_call_end
        .hidden sc_site_call_end
        .type   sc_site_call_end, @function
        .balign 16
sc_site_call_end:
        ENTER
        call    sc_site_after_cancel_point
        LEAVE
        movq    8(%rcx), %rcx
        jmpq    *%rcx
        .cfi_endproc
        .size   sc_site_call_end, . - sc_site_call_end

        .section .note.GNU-stack, "", @progbits
