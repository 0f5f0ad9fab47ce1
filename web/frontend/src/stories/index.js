// Stories of a procedure: the text with its autosave.
import '../css/stories.css';
import '../css/year.css';
