"""A functional model, text and images as they were written for Keras 2 with TensorFlow."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.callbacks import EarlyStopping, LambdaCallback
from tensorflow.keras.layers import Concatenate, Dense, Embedding, Flatten, Input, Lambda
from tensorflow.keras.models import Model, load_model
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.preprocessing.image import ImageDataGenerator
from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator, pad_sequences
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.utils import to_categorical

tf.random.set_seed(1)
np.random.seed(1)
texts = ["good film", "bad film", "very good", "very bad", "good good film", "bad bad"]
labels = np.array([1, 0, 1, 0, 1, 0])
tokenizer = Tokenizer(num_words=10, oov_token="?")
tokenizer.fit_on_texts(texts)
words = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=3)
numbers = np.random.normal(size=(6, 2))

first, second = Input(shape=(3,), name="words"), Input(shape=(2,), name="numbers")
x = Flatten()(Embedding(10, 4, input_length=3)(first))
x = Concatenate()([x, Lambda(lambda t: t * 2)(second)])
model = Model(inputs=[first, second], outputs=Dense(2, activation="softmax")(x))
model.compile(Adam(lr=0.1), loss="categorical_crossentropy", metrics=["accuracy"])
seen = []
note = LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(K.get_value(model.optimizer.learning_rate)))
callbacks = [EarlyStopping(monitor="loss", patience=60), note]
model.fit(
    [words, numbers],
    to_categorical(labels),
    epochs=60,
    verbose=0,
    callbacks=callbacks,
)
assert len(seen) == 60 and model.evaluate([words, numbers], to_categorical(labels), verbose=0)[1] == 1.0
model.save("model.keras")
again = load_model("model.keras", safe_mode=False)
assert np.allclose(again.predict([words, numbers], verbose=0), model.predict([words, numbers], verbose=0))

images = np.random.uniform(0, 255, (20, 6, 6, 1))
generator = ImageDataGenerator(
    rescale=1 / 255,
    rotation_range=10,
    width_shift_range=0.1,
    zoom_range=0.1,
    horizontal_flip=True,
    validation_split=0.2,
)
network = tf.keras.Sequential([Flatten(input_shape=(6, 6, 1)), Dense(1, activation="sigmoid")])
network.compile("sgd", "binary_crossentropy", metrics=["acc"])
history = network.fit_generator(
    generator.flow(images, np.arange(20) % 2, batch_size=4, subset="training"),
    steps_per_epoch=4,
    epochs=2,
    validation_data=generator.flow(images, np.arange(20) % 2, batch_size=4, subset="validation"),
    validation_steps=1,
    workers=2,
    verbose=0,
)
assert set(history.history) == {"loss", "acc", "val_loss", "val_acc"}
series = np.sin(np.arange(60.0))
windows = TimeseriesGenerator(series, series, length=4, batch_size=8)
forecast = tf.keras.Sequential([Dense(1, input_shape=(4,))])
forecast.compile("adam", "mse")
first_loss = forecast.fit(windows, epochs=1, verbose=0).history["loss"][0]
assert forecast.fit(windows, epochs=30, verbose=0).history["loss"][-1] < first_loss
print("ok")
