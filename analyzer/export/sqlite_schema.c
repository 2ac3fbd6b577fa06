/* sqlite_schema.c: the tables, as docs/SQLITE.md explains them. Whoever changes one raises SC_SQLITE_SCHEMA. */
#include "sqlite_tables.h"

/* Ids count through both runs, so that they alone join. */
const char sc_sqlite_schema[] =
    "CREATE TABLE runs (run INTEGER PRIMARY KEY, label TEXT, source TEXT, kind TEXT, command TEXT, ended TEXT,\n"
    "  complete INTEGER, calls INTEGER, all_calls INTEGER, time_ns INTEGER, waiting_ns INTEGER, wall_ns INTEGER,\n"
    "  filter TEXT);\n"
    "CREATE TABLE processes (run INTEGER, process INTEGER, parent INTEGER, pid INTEGER, program TEXT, copy INTEGER,\n"
    "  begin_ns INTEGER, end_ns INTEGER, ended TEXT, calls INTEGER, bytes INTEGER, io_ns INTEGER, waiting_ns INTEGER,\n"
    "  PRIMARY KEY (run, process)) WITHOUT ROWID;\n"
    "CREATE TABLE threads (run INTEGER, process INTEGER, thread INTEGER, tid INTEGER, calls INTEGER,\n"
    "  PRIMARY KEY (run, process, thread)) WITHOUT ROWID;\n"
    "CREATE TABLE files (file INTEGER PRIMARY KEY, run INTEGER, path TEXT, first_path TEXT, role TEXT, made INTEGER,\n"
    "  opens INTEGER, reads INTEGER, writes INTEGER, zero_writes INTEGER, seeks INTEGER, redundant_seeks INTEGER,\n"
    "  bytes_read INTEGER, bytes_written INTEGER, zero_bytes INTEGER, errors INTEGER, time_ns INTEGER);\n"
    "CREATE TABLE modules (module INTEGER PRIMARY KEY, run INTEGER, path TEXT, build_id TEXT);\n"
    "CREATE TABLE sites (site INTEGER PRIMARY KEY, run INTEGER, name TEXT, function TEXT, source TEXT, line INTEGER,\n"
    "  module INTEGER, offset INTEGER);\n"
    "CREATE TABLE stacks (stack INTEGER, depth INTEGER, site INTEGER, PRIMARY KEY (stack, depth)) WITHOUT ROWID;\n"
    "CREATE TABLE findings (finding INTEGER PRIMARY KEY, run INTEGER, name TEXT, path TEXT, calls INTEGER,\n"
    "  bytes INTEGER, time_ns INTEGER, saved_calls INTEGER, saved_ns INTEGER, detail TEXT, advice TEXT);\n"
    "CREATE TABLE causes (cause INTEGER PRIMARY KEY, role TEXT, pattern TEXT, runtime TEXT, calls_a INTEGER,\n"
    "  calls_b INTEGER, bytes_a INTEGER, bytes_b INTEGER, time_ns_a INTEGER, time_ns_b INTEGER);\n"
    "CREATE VIEW named AS SELECT c.id, c.run, c.start_ns / 1e9 AS start, c.took_ns / 1e9 AS took, p.pid, t.tid,\n"
    "  'P' || c.process || '.T' || c.thread AS thread, c.program, c.call, c.category, f.path, s.path AS second_path,\n"
    "  c.offset, c.moved, c.bytes, c.data, c.result, c.error, sites.name AS site, c.stack\n"
    "  FROM calls c LEFT JOIN files f USING (file) LEFT JOIN files s ON s.file = c.second_file\n"
    "  LEFT JOIN processes p ON p.run = c.run AND p.process = c.process\n"
    "  LEFT JOIN threads t ON t.run = c.run AND t.process = c.process AND t.thread = c.thread\n"
    "  LEFT JOIN sites USING (site);\n";

/* Those of requests are the same, so that one question can go over both. */
#define CALL_COLUMNS                                                                                                   \
    "(id INTEGER PRIMARY KEY, run INTEGER, start_ns INTEGER, took_ns INTEGER, process INTEGER,\n"                      \
    "  thread INTEGER, program TEXT, call TEXT, category TEXT, result INTEGER, error TEXT, file INTEGER,\n"            \
    "  second_file INTEGER, offset INTEGER, bytes INTEGER, moved INTEGER, data TEXT, site INTEGER, stack INTEGER);\n"

const char sc_sqlite_calls[] = "CREATE TABLE calls " CALL_COLUMNS "CREATE TABLE requests " CALL_COLUMNS;

/*
 * Made when all rows are there, which is several times as fast. Those for questions about few calls alone: one by call
 * or process costs more to make than it saves the question that goes through all of them.
 */
const char sc_sqlite_indexes[] = "CREATE INDEX calls_by_time ON calls (run, start_ns);\n"
                                 "CREATE INDEX calls_by_file ON calls (file);\n"
                                 "CREATE INDEX calls_that_failed ON calls (error) WHERE error IS NOT NULL;\n"
                                 "CREATE INDEX files_by_path ON files (path);\n";
