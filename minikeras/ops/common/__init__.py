"""What the ops share: conversion of arguments, makers of primitives, checks. No op is defined here."""
