"""The page that trains the fits of a study before the reader's eyes.

It is JavaScript, which runs in the report without a network, a library or a build step. Read
``network.js`` beside `backprop.network.plain`, ``streams.js`` beside `backprop.study.streams` and
``training.js`` beside `backprop.network.training`. `page` puts it together.
"""
