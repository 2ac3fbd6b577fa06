/*
 * version.h: the version of syscap, here and nowhere else. The Makefile reads it for the man pages. The captures'
 * format has a number of its own, SC_VERSION in record.h.
 */
#ifndef SC_VERSION_H
#define SC_VERSION_H

#define SC_VERSION_TEXT "0.1.0"

#endif
