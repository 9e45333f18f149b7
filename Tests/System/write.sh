#!/bin/sh
# What can be written from where the daemon runs: a new file in each folder, and each file as it is.
tried=0
for folder in $(find / -type d -print 2>/dev/null); do
  tried=$((tried + 1))
  if (: >"$folder/.written") 2>/dev/null; then
    echo "written: $folder"
    rm -f "$folder/.written"
  fi
done
# What belongs to the process itself is no file that stays, nor is a device that forgets.
for file in $(find / -path /proc -prune -o ! -type d ! -type l -writable -print 2>/dev/null); do
  case $file in
    /dev/null | /dev/zero | /dev/full | /dev/random | /dev/urandom | /dev/tty | /dev/ptmx) ;;
    /dev/pts/*) ;;
    *) if (: >>"$file") 2>/dev/null; then echo "written: $file"; fi ;;
  esac
done
echo "tried: $tried folders as $(id -u)"
echo end
